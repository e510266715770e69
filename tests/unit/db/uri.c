#include "db/uri.h"
#include "test.h"

static void check(const char *in, const char *out)
{
    SCOPED(arena) a = arena_new();
    assert_string_equal(uri_masked(a, in), out);
}

static void the_password_of_a_uri_becomes_stars(void **state)
{
    (void)state;
    check("postgresql://ann:s3cret@db.example.com:5433/hq?sslmode=require",
          "postgresql://ann:***@db.example.com:5433/hq?sslmode=require");
    check("postgres://ann:s3cret@h/hq", "postgresql://ann:***@h/hq");
    check("postgresql://h/hq?password=s3cret&user=ann", "postgresql://ann:***@h/hq");
    check("postgresql://:s3cret@h", "postgresql://:***@h");
    check("postgresql://ann:s%40%3Acret@h", "postgresql://ann:***@h");
}

static void a_uri_without_secrets_stays_as_it_is(void **state)
{
    (void)state;
    check("postgresql://", "postgresql://");
    check("postgresql://h", "postgresql://h");
    check("postgresql://ann@h/hq", "postgresql://ann@h/hq");
    check("postgresql://h1:1,h2:2/hq?target_session_attrs=any", "postgresql://h1:1,h2:2/hq?target_session_attrs=any");
    check("postgresql://[2001:db8::1]:5432/hq", "postgresql://[2001:db8::1]:5432/hq");
    check("postgresql://carryover@/hq?host=/run/pg", "postgresql://carryover@/hq?host=/run/pg");
}

static void every_secret_keyword_becomes_stars(void **state)
{
    (void)state;
    check("host=h user=ann password=s3cret", "user=ann password=*** host=h");
    check("host=h sslpassword='a b' dbname=hq", "dbname=hq host=h sslpassword=***");
    check("postgresql://h/hq?sslpassword=x", "postgresql://h/hq?sslpassword=***");
    check("host=h password='it\\'s a \\\\ secret'", "password=*** host=h");
}

static void values_with_spaces_are_quoted_again(void **state)
{
    (void)state;
    check("host=h options='-c geqo=off' dbname='it\\'s'", "dbname='it\\'s' host=h options='-c geqo=off'");
    check("user='' host=h", "user='' host=h");
}

static void what_cannot_be_parsed_is_hidden_altogether(void **state)
{
    (void)state;
    check("password", "***");
    check("host=h passwrd=s3cret", "***");
    check("postgresql://ann:s3cret@h:port:port/%zz", "***");
    check("password='s3cret", "***");
    check("postgresql://ann@h/hq&password=s3cret", "***");
}

static void the_same_server_has_other_databases(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct err err;
    char *uri = NULL;
    must(uri_with_database(a, "postgresql://ann:s3cret@h:5433/hq?sslmode=require", "it's", &uri, &err));
    assert_string_equal(uri, "user=ann password=s3cret dbname='it\\'s' host=h port=5433 sslmode=require");
    assert_string_equal(uri_database(a, "postgresql://ann@h/hq"), "hq");
    assert_string_equal(uri_database(a, "host=h user=ann"), "ann");
    assert_null(uri_database(a, "host=h"));
}

static void settings_of_a_session_go_behind_those_that_it_has(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct err err;
    char *uri = NULL;
    must(uri_with_options(a, "postgresql://ann@h/hq", "-c jit=off", &uri, &err));
    assert_string_equal(uri, "user=ann dbname=hq host=h options='-c jit=off'");
    must(uri_with_options(a, "host=h options='-c geqo=off'", "-c jit=off", &uri, &err));
    assert_string_equal(uri, "host=h options='-c geqo=off -c jit=off'");
    assert_false(uri_with_options(a, "password", "-c jit=off", &uri, &err));
    assert_int_equal(err.code, ERR_CONFIG);
}

static void programs_get_it_in_their_environment(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    char **env = uri_environment(a, "host=/s port=5433 password=s3cret");
    assert_string_equal(env[0], "PGPASSWORD=s3cret");
    assert_string_equal(env[1], "PGHOST=/s");
    assert_string_equal(env[2], "PGPORT=5433");
    assert_null(env[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_password_of_a_uri_becomes_stars),
        cmocka_unit_test(a_uri_without_secrets_stays_as_it_is),
        cmocka_unit_test(every_secret_keyword_becomes_stars),
        cmocka_unit_test(values_with_spaces_are_quoted_again),
        cmocka_unit_test(what_cannot_be_parsed_is_hidden_altogether),
        cmocka_unit_test(the_same_server_has_other_databases),
        cmocka_unit_test(settings_of_a_session_go_behind_those_that_it_has),
        cmocka_unit_test(programs_get_it_in_their_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
