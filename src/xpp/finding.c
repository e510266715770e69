#include "xpp/finding.h"

void finding_add(struct findings *f, const char *rule, enum finding_outcome outcome, struct str where, uint32_t line,
                 uint32_t column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    *vec_push(&f->list) = (struct finding){
        .rule = rule,
        .outcome = outcome,
        .where = {arena_dup_str(f->arena, where), where.n},
        .line = line,
        .column = column,
        .detail = str_of(arena_vprintf(f->arena, fmt, args)),
    };
    va_end(args);
}
