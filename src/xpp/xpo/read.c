#include "xpp/xpo/read.h"
#include "xpp/xpo/cut.h"
#include "xpp/xpo/encoding.h"
#include <assert.h>

struct xpo_file {
    struct encoded in;
    xpo_parts parts;
};

static struct xpo_file *file_new(void)
{
    struct xpo_file *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    return f;
}

bool xpo_open(const char *path, const char *codepage, struct xpo_file **ret_file, struct err *err)
{
    struct encoded in;
    if (!encoding_open(path, codepage, &in, err))
        return false;
    struct xpo_file *f = file_new();
    f->in = in;
    cut_parts(in.text, &f->parts);
    *ret_file = f;
    return true;
}

struct xpo_file *xpo_of_text(struct str text)
{
    struct xpo_file *f = file_new();
    f->in = (struct encoded){.text = text, .name = "UTF-8"};
    cut_parts(text, &f->parts);
    return f;
}

void xpo_free(struct xpo_file *f)
{
    if (!f)
        return;
    encoding_done(&f->in);
    vec_done(&f->parts);
    free(f);
}

const char *xpo_encoding(const struct xpo_file *f)
{
    return f->in.name;
}

size_t xpo_bad_bytes(const struct xpo_file *f, uint32_t *ret_line)
{
    *ret_line = encoding_bad_line(&f->in);
    return f->in.n_bad;
}

size_t xpo_count(const struct xpo_file *f)
{
    return f->parts.n;
}

struct xpo_part xpo_part(const struct xpo_file *f, size_t i)
{
    assert(i < f->parts.n);
    return f->parts.p[i];
}
