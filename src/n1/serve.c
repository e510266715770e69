#include "n1/serve.h"
#include "conf/value.h"

void serve_free_json(json_t **root)
{
    json_decref(*root);
}

bool serve_object(const struct http_request *r, json_t **ret, struct err *err)
{
    const char *type = http_header(r, "Content-Type");
    json_error_t why;
    if (!type || strncmp(type, "application/json", strlen("application/json")) != 0)
        return err_set(err, ERR_REQUEST, "the header Content-Type is not application/json");
    *ret = json_loadb(r->body.p, r->body.n, JSON_REJECT_DUPLICATES, &why);
    if (!*ret)
        return err_set(err, ERR_REQUEST, "the body is no JSON document: line %d, column %d", why.line, why.column);
    return json_is_object(*ret) || err_set(err, ERR_REQUEST, "the body is no JSON object");
}

bool serve_text(const json_t *root, const char *name, size_t most, const char **ret, struct err *err)
{
    const json_t *value = json_object_get(root, name);
    struct str s = {json_string_value(value), json_string_length(value)};
    if (!s.p || s.n == 0 || s.n > most || !route_is_text(s))
        return err_set(err, ERR_REQUEST, "\"%s\" has to be text of 1 to %zu bytes without control characters", name,
                       most);
    *ret = s.p;
    return true;
}

bool serve_number(const struct http_request *r, const char *name, int64_t *ret, struct err *err)
{
    struct str text = route_param(&r->params, name);
    return value_number(text, ret) || err_set(err, ERR_REQUEST, "%.*s in the path is no number", STR_ARG(text));
}
