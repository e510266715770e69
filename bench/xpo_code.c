/* X++ for the generator of exports: statements that vary in their names, constants and nesting. */
#include "xpo_generate.h"

#define LINE_MAX_BYTES 400

static void code(struct generator *g, unsigned depth, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void code(struct generator *g, unsigned depth, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_printf(&g->out, "%*s#%*s", (int)g->indent, "", (int)depth * 4, "");
    buf_vprintf(&g->out, fmt, args);
    buf_putc(&g->out, '\n');
    va_end(args);
}

static void put_select(struct generator *g, unsigned depth)
{
    const char *t = noun(g), *u = noun(g);
    code(g, depth, "while select forUpdate AccountNum, sum(Amount%u) from %sTable_", (unsigned)below(g, 9), t);
    code(g, depth + 1, "order by %sTable_.AccountNum asc, RecId desc", t);
    code(g, depth + 1, "where %sTable_.Status == %sStatus::Open && %sTable_.Qty > %u.5", t, u, t,
         (unsigned)below(g, 90));
    code(g, depth, "join firstOnly %sTrans_", u);
    code(g, depth + 1, "where %sTrans_.RefRecId == %sTable_.RecId", u, t);
    code(g, depth, "{");
    code(g, depth + 1, "%sTable_.Amount += %sTrans_.lineAmount(%u) * (1 - discount / 100);", t, u,
         (unsigned)below(g, 99));
    code(g, depth + 1, "%sTable_.update();", t);
    code(g, depth, "}");
}

static void put_call(struct generator *g, unsigned depth)
{
    code(g, depth, "ret = this.%s%s(\"%s %%1\", 'x%u', [i, %uu, true]) && ret;", verb(g), noun(g), noun(g),
         (unsigned)below(g, 1000), (unsigned)below(g, 100000));
    code(g, depth, "info(strFmt(\"@CTS%u\", %s::%s%s(_args.record(), #Max%s)));", (unsigned)below(g, 4000), noun(g),
         verb(g), noun(g), noun(g));
}

static void put_old(struct generator *g, unsigned depth)
{
    switch (below(g, 5)) {
    case 0:
        code(g, depth, "if (WinAPI::fileExists(fileName))");
        code(g, depth + 1, "WinAPI::deleteFile(fileName); // goes away");
        break;
    case 1:
        code(g, depth, "transDate = systemDateGet();");
        break;
    case 2:
        code(g, depth, "element.lock(); element.unLock();");
        break;
    case 3:
        code(g, depth, "new InteropPermission(InteropKind::ClrInterop).assert();");
        break;
    default:
        code(g, depth, "startLengthyOperation();");
        break;
    }
}

static void put_block(struct generator *g, unsigned depth);

static void put_nested(struct generator *g, unsigned depth)
{
    code(g, depth, "switch (%s_.Type)", noun(g));
    code(g, depth, "{");
    for (uint64_t i = 0, n = 1 + below(g, 3); i < n; i++) {
        code(g, depth + 1, "case %sType::%s%u:", noun(g), noun(g), (unsigned)i);
        put_block(g, depth + 2);
        code(g, depth + 2, "break;");
    }
    code(g, depth + 1, "default:");
    code(g, depth + 2, "throw error(\"@CTS%u\");", (unsigned)below(g, 4000));
    code(g, depth, "}");
}

static void put_if(struct generator *g, unsigned depth)
{
    code(g, depth, "if (! ret || (i div 2 == %u && name like \"*%s*\"))", (unsigned)below(g, 9), noun(g));
    code(g, depth, "{");
    put_block(g, depth + 1);
    code(g, depth, "}");
    code(g, depth, "else");
    code(g, depth, "{");
    code(g, depth + 1, "i = min(i + 0x%x, conLen(list)); /* at most */", (unsigned)below(g, 255));
    code(g, depth, "}");
}

static void put_statement(struct generator *g, unsigned depth)
{
    switch (below(g, depth > 3 ? 4 : 7)) {
    case 0:
        put_select(g, depth);
        break;
    case 1:
        put_old(g, depth);
        break;
    case 2:
        code(g, depth, "// %s the %s before the %s, as agreed", verb(g), noun(g), noun(g));
        put_call(g, depth);
        break;
    case 3:
        put_call(g, depth);
        break;
    case 4:
        put_nested(g, depth);
        break;
    default:
        put_if(g, depth);
        break;
    }
}

static void put_block(struct generator *g, unsigned depth)
{
    for (uint64_t i = 0, n = 1 + below(g, 3); i < n; i++)
        put_statement(g, depth);
}

void put_source(struct generator *g, const char *name, const char *text)
{
    open_block(g, "SOURCE #%s", name);
    buf_puts(&g->out, text);
    close_block(g, "ENDSOURCE");
}

void put_method(struct generator *g, const char *name)
{
    open_block(g, "SOURCE #%s", name);
    code(g, 0, "/// <summary>");
    code(g, 0, "/// Does what its name says to a %s.", noun(g));
    code(g, 0, "/// </summary>");
    code(g, 0, "%s boolean %s(Args _args, str _name = '%s')", below(g, 2) ? "public" : "private server static", name,
         noun(g));
    code(g, 0, "{");
    code(g, 1, "boolean ret = true;");
    code(g, 1, "int     i, j = %u;", (unsigned)below(g, 100));
    code(g, 1, "%sTable %sTable_;", noun(g), noun(g));
    code(g, 1, "container list;");
    if (below(g, 2))
        code(g, 1, ";");
    code(g, 0, "%s", "");
    code(g, 1, "ttsBegin;");
    for (uint64_t i = 0, n = 1 + below(g, 6); i < n; i++)
        put_statement(g, 1);
    code(g, 1, "ttsCommit;");
    code(g, 0, "%s", "");
    code(g, 1, "return ret;");
    code(g, 0, "}");
    close_block(g, "ENDSOURCE");
}

void put_methods(struct generator *g, size_t n)
{
    char name[LINE_MAX_BYTES];
    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof name, "%s%s%zu", verb(g), noun(g), i);
        put_method(g, name);
    }
}
