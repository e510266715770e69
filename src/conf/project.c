#include "conf/project.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/suggest.h"
#include "base/vec.h"
#include "conf/dotenv.h"
#include "conf/value.h"
#include "conf/yaml.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <unistd.h>

#define PROJECT_FILE "carryover.yaml"
#define PACKAGE_PREFIX "settings." /* before the name of a package's setting, on the command line */

struct setting_value {
    const char *text;   /* as given; a list's members joined with commas */
    const char *origin; /* where it was given, for messages */
    int64_t number;
    bool flag;
    const char **list;
};

struct held_lock {
    struct held_lock *next;
    const char *what;
};

/* A value for one of the package's own settings; later ones win. */
struct given {
    struct given *next;
    const char *name, *value;
};

struct project {
    struct arena *a;
    const char *dir;
    const char *command;
    struct yaml *y;
    struct map *env; /* of .env: name to struct dotenv_value; freed when the values are settled */
    struct setting_value values[SETTING_COUNT];
    struct given *first_given, **end_given;
    struct package *package;
    struct held_lock *locks;
};

static const struct setting_info infos[] = {
#define S(name, key, env, fallback, kind, help) {key, env, fallback, SETTING_##kind, help},
#include "tables/settings.def"
#undef S
};

#define LOCK_TRIES 10

const struct setting_info *setting_info(enum setting s)
{
    assert(s < SETTING_COUNT);
    return &infos[s];
}

static enum setting find_setting(struct str key)
{
    int s = 0;
    while (s < SETTING_COUNT && !str_is(key, infos[s].key))
        s++;
    return (enum setting)s;
}

/* -- from text to value -- */

static const char *kind_help(enum setting_kind kind)
{
    switch (kind) {
    case SETTING_TEXT:
        return "text";
    case SETTING_NUMBER:
        return "a whole number";
    case SETTING_SIZE:
        return "a size such as 64MB, 512kB or 2GB";
    case SETTING_DURATION:
        return "a duration such as 500ms, 30s, 10m or 2h";
    case SETTING_FLAG:
        return "true or false";
    case SETTING_LIST:
        return "a list, separated by commas";
    }
    abort();
}

static void split_list(struct arena *a, struct setting_value *v)
{
    VEC(const char *) members = {0};
    for (struct str rest = str_of(v->text); rest.n;) {
        struct str member = str_trim(str_split(&rest, ','));
        if (member.n)
            *vec_push(&members) = arena_dup_str(a, member);
    }
    v->list = arena_new_array(a, const char *, members.n + 1);
    for (size_t i = 0; i < members.n; i++)
        v->list[i] = members.p[i];
    vec_done(&members);
}

static bool interpret(struct arena *a, enum setting_kind kind, struct setting_value *v)
{
    struct str text = str_trim(str_of(v->text));
    switch (kind) {
    case SETTING_TEXT:
        return true;
    case SETTING_NUMBER:
        return value_number(text, &v->number);
    case SETTING_SIZE:
        return value_size(text, &v->number);
    case SETTING_DURATION:
        return value_duration(text, &v->number);
    case SETTING_FLAG:
        return value_flag(text, &v->flag);
    case SETTING_LIST:
        split_list(a, v);
        return true;
    }
    abort();
}

static bool settle(struct project *p, enum setting s, const char *text, const char *origin, struct err *err)
{
    struct setting_value *v = &p->values[s];
    *v = (struct setting_value){.text = text, .origin = origin};
    return interpret(p->a, infos[s].kind, v) || err_set(err, ERR_CONFIG, "%s: '%s' has to be %s, not '%s'", origin,
                                                        infos[s].key, kind_help(infos[s].kind), text);
}

/* -- carryover.yaml -- */

/* The keys below `prefix` ("" or "replicate"), each once. */
static size_t keys_below(struct str prefix, const char **names, struct arena *a)
{
    size_t n = 0;
    for (int s = 0; s < SETTING_COUNT; s++) {
        struct str key = str_of(infos[s].key);
        if (prefix.n && !(key.n > prefix.n && memcmp(key.p, prefix.p, prefix.n) == 0 && key.p[prefix.n] == '.'))
            continue;
        struct str rest = {key.p + prefix.n + (prefix.n ? 1 : 0), key.n - prefix.n - (prefix.n ? 1 : 0)};
        struct str name = str_split(&rest, '.');
        if (n == 0 || !str_is(name, names[n - 1]))
            names[n++] = arena_dup_str(a, name);
    }
    return n;
}

static const char *join_list(struct project *p, const struct yaml_node *node, const char *key, struct err *err)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < node->n; i++) {
        const struct yaml_node *member = node->items[i].value;
        if (!yaml_expect(p->y, member, YAML_SCALAR, key, err))
            return NULL;
        if (strchr(member->text, ',')) {
            yaml_fail(p->y, member, err, "a member of '%s' may not hold a comma", key);
            return NULL;
        }
        buf_printf(&b, "%s%s", i ? "," : "", member->text);
    }
    return arena_dup_str(p->a, buf_str(&b));
}

static bool take_node(struct project *p, enum setting s, const struct yaml_node *node, struct err *err)
{
    const char *key = infos[s].key, *text = node->text;
    if (infos[s].kind == SETTING_LIST && node->kind == YAML_LIST) {
        text = join_list(p, node, key, err);
        if (!text)
            return false;
    } else if (!yaml_expect(p->y, node, YAML_SCALAR, key, err)) {
        return false;
    }
    if (!text[0])
        return true; /* `workers:` without a value: the default */
    return settle(p, s, text, arena_printf(p->a, "%s:%d:%d", PROJECT_FILE, node->line, node->column), err);
}

static bool take_mapping(struct project *p, const struct yaml_node *map, struct str prefix, struct err *err);

static bool take_item(struct project *p, const struct yaml_item *item, struct str prefix, struct err *err)
{
    char *key = prefix.n ? arena_printf(p->a, "%.*s.%s", STR_ARG(prefix), item->key) : arena_dup(p->a, item->key);
    enum setting s = find_setting(str_of(key));
    if (s < SETTING_COUNT)
        return take_node(p, s, item->value, err);
    bool is_empty = item->value->kind == YAML_SCALAR && !item->value->text[0];
    return is_empty || take_mapping(p, item->value, str_of(key), err);
}

static void give(struct project *p, const char *name, const char *value)
{
    struct given *g = arena_new_one(p->a, struct given);
    *g = (struct given){.name = name, .value = value};
    *p->end_given = g;
    p->end_given = &g->next;
}

static bool take_package_settings(struct project *p, const struct yaml_node *map, struct err *err)
{
    bool is_empty = map->kind == YAML_SCALAR && !map->text[0];
    if (!is_empty && !yaml_expect(p->y, map, YAML_MAP, "settings", err))
        return false;
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_item *item = &map->items[i];
        if (!yaml_expect(p->y, item->value, YAML_SCALAR, item->key, err))
            return false;
        give(p, item->key, item->value->text);
    }
    return true;
}

static bool take_mapping(struct project *p, const struct yaml_node *map, struct str prefix, struct err *err)
{
    const char *names[SETTING_COUNT + 1];
    char *what = arena_dup_str(p->a, prefix);
    if (!yaml_expect(p->y, map, YAML_MAP, what, err))
        return false;
    size_t n = keys_below(prefix, names, p->a);
    if (!prefix.n)
        names[n++] = "settings";
    if (!yaml_expect_keys(p->y, map, what, names, n, err))
        return false;
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_item *item = &map->items[i];
        bool of_package = !prefix.n && strcmp(item->key, "settings") == 0;
        if (!(of_package ? take_package_settings(p, item->value, err) : take_item(p, item, prefix, err)))
            return false;
    }
    return true;
}

static bool read_file_settings(struct project *p, struct err *err)
{
    struct str text = {0};
    const char *path = project_path(p, PROJECT_FILE);
    return file_read(path, p->a, &text, err) && yaml_parse(text, PROJECT_FILE, ERR_CONFIG, p->a, &p->y, err) &&
           take_mapping(p, p->y->root, STR(""), err);
}

/* -- the environment and the command line -- */

/* Variables of other programs (PGPASSFILE, PGSSLMODE ...) become part of this process's environment, where libpq and
 * hooks look; carryover's own are looked up by find_env(). */
static bool read_env_file(struct project *p, struct err *err)
{
    const char *path = project_path(p, ".env");
    struct str text = {0};
    if (!file_exists(path))
        return true;
    if (!file_read(path, p->a, &text, err) || !dotenv_parse(text, ".env", p->a, p->env, err))
        return false;
    for (size_t i = 0; i < map_count(p->env); i++) {
        const struct map_entry *e = map_at(p->env, i);
        if (!str_starts(e->key, "CARRYOVER_"))
            setenv(e->key.p, ((const struct dotenv_value *)e->value)->text, 0);
    }
    return true;
}

static const char *find_env(struct project *p, const char *name, const char **ret_origin)
{
    const char *text = getenv(name);
    *ret_origin = name;
    if (text && text[0])
        return text;
    const struct dotenv_value *v = map_get(p->env, str_of(name));
    if (!v || !v->text[0])
        return NULL;
    *ret_origin = arena_printf(p->a, ".env:%d", v->line);
    return v->text;
}

static bool take_env(struct project *p, struct err *err)
{
    for (int s = 0; s < SETTING_COUNT; s++) {
        const char *origin = NULL;
        const char *text = find_env(p, infos[s].env, &origin);
        if (text && !settle(p, (enum setting)s, arena_dup(p->a, text), origin, err))
            return false;
    }
    return true;
}

static bool refuse_flag(struct str key, struct err *err)
{
    const char *names[SETTING_COUNT];
    for (int s = 0; s < SETTING_COUNT; s++)
        names[s] = infos[s].key;
    const char *near = suggest_nearest(key, names, SETTING_COUNT);
    err_set(err, ERR_USAGE, "there is no setting '%.*s'", STR_ARG(key));
    return near ? err_hint(err, "did you mean '%s'?", near) : err_hint(err, "carryover help settings lists them");
}

static bool take_flag(struct project *p, const struct map_entry *flag, struct err *err)
{
    const char *text = arena_dup(p->a, flag->value);
    if (str_starts(flag->key, PACKAGE_PREFIX)) {
        size_t skip = strlen(PACKAGE_PREFIX);
        give(p, arena_dup_str(p->a, (struct str){flag->key.p + skip, flag->key.n - skip}), text);
        return true;
    }
    enum setting s = find_setting(flag->key);
    if (s == SETTING_COUNT)
        return refuse_flag(flag->key, err);
    bool has_option = s == SETTING_PACKAGE || s == SETTING_SOURCE || s == SETTING_TARGET || s == SETTING_WORKERS;
    return settle(p, s, text, has_option ? arena_printf(p->a, "--%s", infos[s].key) : "--set", err);
}

static bool take_flags(struct project *p, const struct map *flags, struct err *err)
{
    for (size_t i = 0; flags && i < map_count(flags); i++)
        if (!take_flag(p, map_at(flags, i), err))
            return false;
    return true;
}

static bool take_defaults(struct project *p, struct err *err)
{
    for (int s = 0; s < SETTING_COUNT; s++)
        if (!settle(p, (enum setting)s, infos[s].fallback, "default", err))
            return false;
    return true;
}

static bool open_all(struct project *p, const struct map *flags, struct err *err)
{
    return take_defaults(p, err) && read_file_settings(p, err) && read_env_file(p, err) && take_env(p, err) &&
           take_flags(p, flags, err);
}

bool project_check_flags(const struct map *flags, struct arena *a, struct err *err)
{
    struct project *p = arena_new_one(a, struct project);
    p->a = a;
    p->end_given = &p->first_given;
    return take_flags(p, flags, err);
}

bool project_open(const char *dir, const struct map *flags, struct arena *a, struct project **ret, struct err *err)
{
    struct project *p = arena_new_one(a, struct project);
    p->a = a;
    p->dir = file_absolute(a, dir);
    p->command = "carryover";
    p->end_given = &p->first_given;
    if (!file_exists(project_path(p, PROJECT_FILE)))
        return err_set(err, ERR_PROJECT_MISSING, "there is no %s in %s", PROJECT_FILE, p->dir);
    p->env = map_new();
    bool ok = open_all(p, flags, err);
    map_free(p->env);
    p->env = NULL;
    if (ok)
        *ret = p;
    return ok;
}

/* -- what others ask -- */

const char *project_dir(const struct project *p)
{
    return p->dir;
}

const char *project_path(const struct project *p, const char *name)
{
    return arena_printf(p->a, "%s/%s", p->dir, name);
}

const char *project_text(const struct project *p, enum setting s)
{
    assert(s < SETTING_COUNT);
    return p->values[s].text;
}

int64_t project_number(const struct project *p, enum setting s)
{
    assert(s < SETTING_COUNT && infos[s].kind != SETTING_TEXT && infos[s].kind != SETTING_LIST);
    return p->values[s].number;
}

bool project_flag(const struct project *p, enum setting s)
{
    assert(s < SETTING_COUNT && infos[s].kind == SETTING_FLAG);
    return p->values[s].flag;
}

const char *const *project_list(const struct project *p, enum setting s)
{
    assert(s < SETTING_COUNT && infos[s].kind == SETTING_LIST);
    return p->values[s].list;
}

const char *project_origin(const struct project *p, enum setting s)
{
    assert(s < SETTING_COUNT);
    return p->values[s].origin;
}

/* -- the package -- */

static bool is_package(const char *dir, struct arena *a)
{
    return file_exists(arena_printf(a, "%s/package.yaml", dir));
}

/* The folder of this program, "" when the system does not say. */
static char *program_dir(struct arena *a)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return arena_dup(a, "");
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    *slash = '\0';
    return arena_dup(a, path);
}

/* Looks into `dir`/`name` and notes the place in `tried`. */
static char *look(struct arena *a, struct str dir, const char *name, struct buf *tried)
{
    char *path = arena_printf(a, "%.*s/%s", STR_ARG(dir), name);
    if (is_package(path, a))
        return file_absolute(a, path);
    buf_printf(tried, "%s%s", tried->n ? ", " : "", path);
    return NULL;
}

static char *look_everywhere(struct arena *a, const char *name, struct buf *tried)
{
    char *found = NULL;
    const char *places = getenv("CARRYOVER_PACKAGES");
    for (struct str rest = str_of(places ? places : ""); rest.n && !found;) {
        struct str place = str_split(&rest, ':');
        found = place.n ? look(a, place, name, tried) : NULL;
    }
    static const char *const near[] = {"../packages", "../../packages", "../share/carryover/packages"};
    const char *program = program_dir(a);
    for (size_t i = 0; i < ARRAY_LEN(near) && !found; i++)
        found = look(a, str_of(arena_printf(a, "%s/%s", program, near[i])), name, tried);
    return found;
}

bool project_find_package(const char *spec, const char *base, struct arena *a, char **ret_dir, struct err *err)
{
    if (!spec[0])
        return err_set(err, ERR_PACKAGE_MISSING, "no package is named");
    char *path = spec[0] == '/' ? arena_dup(a, spec) : arena_printf(a, "%s/%s", base, spec);
    *ret_dir = is_package(path, a) ? file_absolute(a, path) : NULL;
    if (*ret_dir)
        return true;
    SCOPED_BUF tried = {0};
    buf_puts(&tried, path);
    if (!strchr(spec, '/'))
        *ret_dir = look_everywhere(a, spec, &tried);
    return *ret_dir ||
           err_set(err, ERR_PACKAGE_MISSING, "there is no package '%s': no package.yaml in %s", spec, buf_text(&tried));
}

bool project_package(struct project *p, const struct package **ret, struct err *err)
{
    char *dir = NULL;
    if (!p->package) {
        SCOPED(map) overrides = map_new();
        for (const struct given *g = p->first_given; g; g = g->next)
            map_put(overrides, str_of(g->name))->value = (void *)g->value;
        const char *spec = p->values[SETTING_PACKAGE].text;
        if (!project_find_package(spec, p->dir, p->a, &dir, err) ||
            !package_load(dir, overrides, p->a, &p->package, err))
            return false;
    }
    *ret = p->package;
    return true;
}

/* -- locks -- */

void project_set_command(struct project *p, const char *command)
{
    p->command = command;
}

static bool holds(const struct project *p, const char *what)
{
    for (const struct held_lock *lock = p->locks; lock; lock = lock->next)
        if (strcmp(lock->what, what) == 0)
            return true;
    return false;
}

/* Whoever holds the lock wrote who he is; between taking it and writing there is a moment in which nobody has. */
static bool say_busy(struct project *p, int fd, struct err *err)
{
    char text[256] = "";
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    struct str who = str_trim((struct str){text, n > 0 ? (size_t)n : 0});
    if (who.n)
        return err_set(err, ERR_PROJECT_BUSY, "%.*s works in the project %s", STR_ARG(who), p->dir);
    return err_set(err, ERR_PROJECT_BUSY, "another process works in the project %s", p->dir);
}

/* Whoever only looks whether a lock is taken holds it for a moment himself. */
static bool try_lock(int fd)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK)
            return false;
        clock_sleep_ms(20);
    }
    errno = EWOULDBLOCK;
    return false;
}

bool project_lock(struct project *p, const char *what, struct err *err)
{
    if (holds(p, what))
        return true;
    const char *path = project_path(p, arena_printf(p->a, "%s.lock", what));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        return err_os(err, ERR_FILE, errno, "opening the lock %s", path);
    if (!try_lock(fd)) {
        bool busy = errno == EWOULDBLOCK;
        bool ok = busy ? say_busy(p, fd, err) : err_os(err, ERR_FILE, errno, "locking %s", path);
        close(fd);
        return ok;
    }
    char *holder = arena_printf(p->a, "process %d (%s)\n", (int)getpid(), p->command);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, holder, strlen(holder), 0) < 0) {
        err_os(err, ERR_FILE, errno, "writing the lock %s", path);
        close(fd);
        return false;
    }
    struct held_lock *lock = arena_new_one(p->a, struct held_lock);
    *lock = (struct held_lock){p->locks, arena_dup(p->a, what)};
    p->locks = lock;
    return true; /* the descriptor stays open: the lock ends with the process */
}
