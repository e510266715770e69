#include "analyze/builtin.h"
#include "analyze/fit.h"

#define BUILTIN(name, part, what, because, mend, how_bad)                                                              \
    {                                                                                                                  \
        .id = name, .catalogue = "", .section = part, .title = what, .why = because, .fix = mend, .severity = how_bad, \
        .change = "", .note = "", .total_before = -1                                                                   \
    }

static const struct analyze_finding carry =
    BUILTIN("CARRY01", "package", "Tables with rows that the package carries nowhere",
            "No lens reads them and package.yaml does not drop them: after the upgrade their rows would be gone.",
            "Write a lens, or name the table with the reason under `dropped:`, or leave it out with the setting "
            "replicate.exclude.",
            ANALYZE_WARNING);

static const struct analyze_finding fit = BUILTIN(
    "FIT01", "data", "Values that version N cannot hold",
    "The columns of version N are narrower, or must have a value. The load of such a table stops at these rows; "
    "nothing is ever cut.",
    "Shorten or correct the values, or widen the column in schema/10_tables.sql of the package.", ANALYZE_BLOCKER);

static const struct analyze_finding unique =
    BUILTIN("FIT02", "data", "Rows that are different now and would have one key in version N",
            "A unique index of version N has columns that the source does not keep unique. The index cannot be built.",
            "Merge or rename the rows, or change the index in the package.", ANALYZE_BLOCKER);

static const struct analyze_finding stores =
    BUILTIN("STORE01", "data", "Values that stores of N-1 cannot hold",
            "Their tables are narrower than those of headquarters: such a value cannot arrive there as it is.",
            "Shorten or correct the values in headquarters, or widen the column in store/channel.sql if the stores "
            "really have it so.",
            ANALYZE_WARNING);

static const struct analyze_finding known =
    BUILTIN("STORE02", "data", "Values that stores of N-1 do not know",
            "The program at the till has no meaning for them; `enums:` of package.yaml lists those that it knows.",
            "Change the rows to a value that stores know, or add the value to `enums:` if they do.", ANALYZE_WARNING);

static const struct analyze_finding wider = BUILTIN("STORE03", "data", "Columns in which version N holds more than N-1",
                                                    "What users of version N write there after the cutover cannot "
                                                    "reach the stores that still run N-1: such a row is set "
                                                    "aside and `carryover n1 keep status` names it.",
                                                    "", ANALYZE_INFO);

static void put_pattern(struct buf *b, const char *glob)
{
    SCOPED_BUF like = {0};
    for (; *glob; glob++)
        if (*glob == '*')
            buf_putc(&like, '%');
        else
            buf_printf(&like, strchr("\\%_", *glob) ? "\\%c" : "%c", *glob);
    pg_put_literal(b, buf_text(&like));
}

static const char *uncarried_sql(const struct analyze_opts *o, struct arena *a)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "select relname as subject, 'about ' || greatest(reltuples, 0)::bigint || ' rows' as detail,"
                 " greatest(reltuples, 0)::bigint as rows"
                 " from pg_class c where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')"
                 " and not relispartition and pg_relation_size(c.oid) +"
                 " coalesce((select sum(pg_relation_size(relid)) from pg_partition_tree(c.oid)), 0) > 0"
                 " and relname <> all(array[");
    for (const char *const *t = o->read_by_lenses; *t; t++) {
        buf_puts(&b, t == o->read_by_lenses ? "" : ", ");
        pg_put_literal(&b, *t);
    }
    buf_puts(&b, "]::text[])");
    for (size_t i = 0; i < o->package->n_dropped; i++) {
        buf_puts(&b, " and relname not ilike ");
        put_pattern(&b, o->package->dropped[i].table);
    }
    buf_puts(&b, " order by c.reltuples desc, relname");
    return arena_dup(a, b.p);
}

static bool run_carry(const struct rule_call *c, struct analyze_finding *f, struct err *err)
{
    return rule_select(c, uncarried_sql(c->o, c->a), f, err);
}

static bool run_fit(const struct rule_call *c, struct analyze_finding *f, struct err *err)
{
    return fit_values(c, c->o->version_n, FIT_TOO_LARGE, f, err);
}

static bool run_unique(const struct rule_call *c, struct analyze_finding *f, struct err *err)
{
    return fit_uniques(c, c->o->version_n, f, err);
}

static bool run_stores(const struct rule_call *c, struct analyze_finding *f, struct err *err)
{
    return fit_values(c, c->o->stores, FIT_TOO_LARGE, f, err);
}

static bool run_known(const struct rule_call *c, struct analyze_finding *f, struct err *err)
{
    return fit_values(c, c->o->stores, FIT_UNKNOWN, f, err);
}

static bool run_wider(const struct rule_call *c, struct analyze_finding *f, struct err *err)
{
    return fit_wider(c, c->o->way_back, f, err);
}

size_t builtin_list(const struct analyze_opts *o, struct rule *ret)
{
    size_t n = 0;
    if (o->read_by_lenses)
        ret[n++] = (struct rule){.about = carry, .tables = "", .run = run_carry};
    if (o->version_n) {
        ret[n++] = (struct rule){.about = fit, .tables = "", .run = run_fit};
        ret[n++] = (struct rule){.about = unique, .tables = "", .run = run_unique};
    }
    if (o->stores)
        ret[n++] = (struct rule){.about = stores, .tables = "", .run = run_stores};
    if (o->way_back)
        ret[n++] = (struct rule){.about = wider, .tables = "", .run = run_wider};
    if (o->stores && o->package->n_enums)
        ret[n++] = (struct rule){.about = known, .tables = "", .run = run_known};
    return n;
}
