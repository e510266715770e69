#include "xpp/d365/same.h"
#include "base/map.h"

/* From the last to the first, so that the map holds the next one of each name. */
const struct same *same_of(struct work *w, const struct str *names, uint32_t n)
{
    struct same *list = arena_new_array(w->arena, struct same, n + 1);
    list[0].next = SAME_END;
    if (n < 2)
        return list;
    SCOPED(map) later = map_new();
    for (uint32_t i = n; i-- > 0;) {
        list[i].next = SAME_END;
        if (names[i].n == 0)
            continue;
        struct map_entry *e = map_put(later, work_folded(w, names[i]));
        if (e->value) {
            list[i].next = (uint32_t)((struct same *)e->value - list);
            ((struct same *)e->value)->again = true;
        }
        e->value = &list[i];
    }
    return list;
}
