#include "net/places.h"
#include "net/address.h"
#include <assert.h>

struct places {
    int n;
    char (*lines)[ADDRESS_MAX]; /* empty: nobody is there */
};

struct places *places_new(int n)
{
    struct places *p = calloc(1, sizeof *p);
    assert(n > 0);
    if (!p || !(p->lines = calloc((size_t)n, sizeof *p->lines)))
        abort();
    p->n = n;
    return p;
}

void places_free(struct places *p)
{
    if (!p)
        return;
    free(p->lines);
    free(p);
}

int places_take(struct places *p, const char *line)
{
    int place = PLACES_NONE, same = 0;
    if (!line[0])
        line = "?";
    for (int i = p->n - 1; i >= 0; i--) {
        if (!p->lines[i][0])
            place = i;
        else
            same += strcmp(p->lines[i], line) == 0;
    }
    if (place == PLACES_NONE || same >= MAX(p->n / 2, 1))
        return PLACES_NONE;
    snprintf(p->lines[place], ADDRESS_MAX, "%s", line);
    return place;
}

void places_leave(struct places *p, int place)
{
    assert(place == PLACES_NONE || (place < p->n && p->lines[place][0]));
    if (place != PLACES_NONE)
        p->lines[place][0] = '\0';
}
