#include "db/environment.h"
#include "test.h"

/* The whole table: what is not listed here is refused. */
struct move {
    enum environment_state from, to;
};
#define M(from, to)                                                                                                    \
    {                                                                                                                  \
        ENVIRONMENT_##from, ENVIRONMENT_##to                                                                           \
    }

static const struct move legal[] = {
    M(DEPLOYED, READY),          M(DEPLOYED, IN_MAINTENANCE),

    M(READY, REPLICATING),       M(READY, FAILED),
    M(READY, IN_MAINTENANCE),

    M(REPLICATING, REPLICATED),  M(REPLICATING, READY),
    M(REPLICATING, FAILED),      M(REPLICATING, IN_MAINTENANCE),

    M(REPLICATED, REPLICATING),  M(REPLICATED, UPGRADING),
    M(REPLICATED, READY),        M(REPLICATED, LIVE),
    M(REPLICATED, FAILED),       M(REPLICATED, IN_MAINTENANCE),

    M(UPGRADING, UPGRADED),      M(UPGRADING, READY),
    M(UPGRADING, FAILED),        M(UPGRADING, IN_MAINTENANCE),

    M(UPGRADED, UPGRADING),      M(UPGRADED, LIVE),
    M(UPGRADED, READY),          M(UPGRADED, FAILED),
    M(UPGRADED, IN_MAINTENANCE),

    M(LIVE, UPGRADED),           M(LIVE, REPLICATED),
    M(LIVE, IN_MAINTENANCE),
};

static bool interrupts(enum environment_state s)
{
    return s == ENVIRONMENT_FAILED || s == ENVIRONMENT_IN_MAINTENANCE;
}

static bool is_legal(enum environment_state from, enum environment_state to)
{
    for (size_t i = 0; i < ARRAY_LEN(legal); i++)
        if (legal[i].from == from && legal[i].to == to)
            return true;
    return false;
}

static void every_move_that_is_not_legal_is_refused(void **state)
{
    (void)state;
    for (int f = 0; f < ENVIRONMENT_STATES; f++)
        for (int t = 0; t < ENVIRONMENT_STATES; t++) {
            enum environment_state from = (enum environment_state)f, to = (enum environment_state)t;
            if (interrupts(from))
                continue;
            if (environment_may(from, from, to) != is_legal(from, to))
                fail_msg("%s to %s", environment_info(from)->name, environment_info(to)->name);
        }
}

static void maintenance_ends_where_it_began(void **state)
{
    (void)state;
    for (int was = 0; was < ENVIRONMENT_STATES; was++)
        for (int to = 0; to < ENVIRONMENT_STATES; to++)
            assert_int_equal(
                environment_may(ENVIRONMENT_IN_MAINTENANCE, (enum environment_state)was, (enum environment_state)to),
                was == to);
}

static void a_failure_goes_back_to_what_failed_or_where_that_might_have_gone(void **state)
{
    (void)state;
    assert_true(environment_may(ENVIRONMENT_FAILED, ENVIRONMENT_UPGRADING, ENVIRONMENT_UPGRADING));
    assert_true(environment_may(ENVIRONMENT_FAILED, ENVIRONMENT_UPGRADING, ENVIRONMENT_UPGRADED));
    assert_false(environment_may(ENVIRONMENT_FAILED, ENVIRONMENT_UPGRADING, ENVIRONMENT_LIVE));
    assert_false(environment_may(ENVIRONMENT_FAILED, ENVIRONMENT_REPLICATING, ENVIRONMENT_UPGRADED));
    assert_true(environment_may(ENVIRONMENT_FAILED, ENVIRONMENT_REPLICATING, ENVIRONMENT_IN_MAINTENANCE));
}

static void every_state_says_what_it_means_and_what_leads_out_of_it(void **state)
{
    (void)state;
    for (int s = 0; s < ENVIRONMENT_STATES; s++) {
        const struct environment_info *info = environment_info((enum environment_state)s);
        assert_true(info->name[0] && info->about[0] && info->leads[0]);
        assert_null(strchr(info->name, ' ')); /* names are parts of one text in environment_move() */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_move_that_is_not_legal_is_refused),
        cmocka_unit_test(maintenance_ends_where_it_began),
        cmocka_unit_test(a_failure_goes_back_to_what_failed_or_where_that_might_have_gone),
        cmocka_unit_test(every_state_says_what_it_means_and_what_leads_out_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
