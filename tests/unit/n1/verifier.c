#include "n1/verifier.h"
#include "n1/hashing.h"
#include "test.h"
#include <signal.h>
#include <unistd.h>

#define STAFF "000160"
#define WORD "pässwört😀"
#define SALT "Contoso"

/* Computed with Python's hashlib. */
static const struct {
    struct package_staff layout;
    const char *hash;
} known[] = {
    {{"sha256", "{staff}{password}{salt}", "utf-8", "hex"},
     "1965256a90bdd1b1451a786c6368249b60ea8f627ddee794883f3185dcff01f1"},
    {{"sha256", "{staff}{password}{salt}", "utf-8", "hex"},
     "1965256A90BDD1B1451A786C6368249B60EA8F627DDEE794883F3185DCFF01F1"},
    {{"sha256", "{staff}{password}{salt}", "utf-8", "base64"}, "GWUlapC90bFFGnhsY2gkm2Dqj2J93ueUiD8xhdz/AfE="},
    {{"sha256", "{staff}{password}{salt}", "utf-16le", "hex"},
     "bc55642bf2e95d51623f92958b6cf54e1d6c3ae931968dc3f14250e5081cb44b"},
    {{"sha512", "{staff}{password}{salt}", "utf-16le", "base64"},
     "vsZDosknr+ANGsfibJgKkmdp23HV6xEgZoNWdEvf24j3unEAxFitQQo7+RFgp1STUU00OuOpDTgPAXAImtzCLw=="},
    {{"sha512", "{staff}{password}{salt}", "utf-8", "hex"},
     "4cc28d1471b5758669e5f8f7c00b3efd6bba6fb2ef69826a49606dca22dd413bc93bf5b221f30bd172d256a633cd7718636ae860dc85bf1ea"
     "58b1959926a54c5"},
    {{"sha256", "{salt}|{password}|{staff}!", "utf-8", "hex"},
     "6e1441e0785f6f73553dbf972d5ce17d8264596d2fc7b06c22ca01c9a54ed813"},
};

static void hashes_that_python_made_are_matched(void **state)
{
    struct err err;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        must(verifier_check(&known[i].layout, &err));
        assert_true(verifier_matches(&known[i].layout, STAFF, WORD, SALT, known[i].hash));
    }
}

static void every_part_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        const struct package_staff *s = &known[i].layout;
        char other[200];
        assert_false(verifier_matches(s, "000161", WORD, SALT, known[i].hash));
        assert_false(verifier_matches(s, STAFF, "passwort", SALT, known[i].hash));
        assert_false(verifier_matches(s, STAFF, WORD, "", known[i].hash));
        assert_false(verifier_matches(s, STAFF, WORD, SALT, ""));
        snprintf(other, sizeof other, "%sx", known[i].hash);
        assert_false(verifier_matches(s, STAFF, WORD, SALT, other));
        snprintf(other, sizeof other, "%.*s", (int)strlen(known[i].hash) - 1, known[i].hash);
        assert_false(verifier_matches(s, STAFF, WORD, SALT, other));
    }
    assert_false(verifier_matches(&known[2].layout, STAFF, WORD, SALT, "gwuLAPc90bFFGnhsY2gkm2Dqj2J93ueUiD8xhdz/AfE="));
}

static void layouts_that_make_no_sense_are_refused(void **state)
{
    static const struct package_staff wrong[] = {
        {"md5", "{staff}{password}", "utf-8", "hex"},
        {"sha256", "{staff}{salt}", "utf-8", "hex"},
        {"sha256", "{staff}{pw}", "utf-8", "hex"},
        {"sha256", "{password}", "latin1", "hex"},
        {"sha256", "{password}", "utf-8", "base32"},
        {"sha256", "{password", "utf-8", "hex"},
        {"sha256", "", "utf-8", "hex"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct err err = {0};
        assert_false(verifier_check(&wrong[i], &err));
        assert_int_equal(err.code, ERR_PACKAGE);
    }
}

static bool matches(struct hashing *h, const char *password, const char *hash)
{
    struct err err;
    bool yes = false;
    must(hashing_matches(h, password, hash, &yes, &err));
    return yes;
}

static void argon2id_is_made_and_matched(void **state)
{
    struct hashing_opts o = {.memory = 8192, .passes = 1, .at_once = 1},
                        dear = {.memory = 65536, .passes = 2, .at_once = 1};
    SCOPED(hashing) h = NULL;
    SCOPED(hashing) other = NULL;
    char one[HASHING_TEXT_MAX], two[HASHING_TEXT_MAX];
    struct err err;
    (void)state;
    must(hashing_open(&o, &h, &err));
    must(hashing_open(&dear, &other, &err));
    must(hashing_make(h, WORD, one, &err));
    must(hashing_make(h, WORD, two, &err));
    assert_string_not_equal(one, two);
    assert_memory_equal(one, "$argon2id$", 10);
    assert_true(matches(h, WORD, one) && matches(other, WORD, two));
    assert_false(matches(h, "passwort", one));
    assert_false(matches(h, WORD, ""));
    assert_true(hashing_is_current(h, one));
    assert_false(hashing_is_current(other, one));
}

/* The only child of this process. */
static pid_t child(void)
{
    long pid = 0;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld", &pid), 1);
    fclose(file);
    return (pid_t)pid;
}

static void a_process_that_died_is_replaced(void **state)
{
    struct hashing_opts o = {.memory = 8192, .passes = 1, .at_once = 1};
    SCOPED(hashing) h = NULL;
    char hash[HASHING_TEXT_MAX];
    struct err err = {0};
    (void)state;
    must(hashing_open(&o, &h, &err));
    must(hashing_make(h, WORD, hash, &err));
    pid_t first = child();
    kill(first, SIGTERM); /* what stops the gateway lets it finish */
    assert_true(matches(h, WORD, hash));
    kill(first, SIGKILL);
    do
        must(hashing_make(h, WORD, hash, &err)); /* nobody notices */
    while (child() == first);                    /* until the signal has come */
    assert_true(matches(h, WORD, hash));
}

static void who_comes_when_all_places_are_taken_is_sent_away(void **state)
{
    struct hashing_opts o = {.memory = 8192, .passes = 1, .at_once = 2, .waiting = 0};
    SCOPED(hashing) h = NULL;
    struct err err = {0};
    (void)state;
    must(hashing_open(&o, &h, &err));
    must(hashing_enter(h, &err));
    must(hashing_enter(h, &err));
    assert_false(hashing_enter(h, &err));
    assert_int_equal(err.code, ERR_GATEWAY_BUSY);
    hashing_leave(h);
    must(hashing_enter(h, &err));
    hashing_leave(h);
    hashing_leave(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_that_python_made_are_matched),
        cmocka_unit_test(every_part_counts),
        cmocka_unit_test(layouts_that_make_no_sense_are_refused),
        cmocka_unit_test(argon2id_is_made_and_matched),
        cmocka_unit_test(a_process_that_died_is_replaced),
        cmocka_unit_test(who_comes_when_all_places_are_taken_is_sent_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
