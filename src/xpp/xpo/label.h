/*
 * label: the texts of AX 2012 by their ids: of `.ald` files, and of the TmpSysLabel records that exports "with labels"
 * hold.
 *
 * An .ald file holds one language of one module, which its name says (`axABCen-us.ald`): lines `@ABC123 text`, each
 * followed by lines of comment that begin with `;`. Lines that are neither go on with what stands before them. Texts
 * belong to the arena that is given. What cannot be understood is a problem and spoils only its label.
 */
#ifndef XPP_XPO_LABEL_H
#define XPP_XPO_LABEL_H
#include "xpp/xpo/read.h"

struct label {
    struct str id;       /* "@ABC123" */
    struct str text;     /* line breaks are "\n" */
    struct str comment;  /* the same; empty when there is none */
    struct str language; /* as it is written: "en-us" */
    uint32_t line;       /* in its file, from 1 */
};

typedef VEC(struct label) labels;

/* Module and language by the name of an .ald file, folders before it are ignored; false when the name is another one.
 */
bool label_file_name(const char *path, struct str *ret_module, struct str *ret_language);

/* Reads an .ald file, in any encoding that xpo_open() knows; its labels are appended. Fails as xpo_open() does, and
 * with ERR_FILE when the name of the file does not say its language. */
bool label_open(const char *path, const char *codepage, struct arena *a, labels *ret_labels, xpo_problems *problems,
                struct err *err) MUST_CHECK;

/* Reads the text of an .ald file. */
void label_read(struct str text, struct str language, struct arena *a, labels *ret_labels, xpo_problems *problems);

/* Reads the records of a part of an export; records of other tables are problems. */
void label_read_records(struct xpo_part part, struct arena *a, labels *ret_labels, xpo_problems *problems);

/* How many bytes of the beginning of `text` are the id of a label (`@`, three letters or digits, a number); 0 when it
 * is none. */
size_t label_id_length(struct str text);

#endif
