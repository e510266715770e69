#!/bin/sh
# Documentation shows real files: a code block below `<!-- from: PATH -->` stands in that file, line by line.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# snippets FOLDER FILE...: names each block that is not in its file; prints how many there are
snippets() {
    (cd "$1" && shift && python3 - "$@" <<'END'
import pathlib, re, sys
n = bad = 0
for page in sys.argv[1:]:
    text = pathlib.Path(page).read_text()
    for m in re.finditer(r"<!-- from: (\S+) -->\n```\w*\n(.*?)```", text, re.S):
        n += 1
        file = pathlib.Path(m[1])
        if not file.is_file() or m[2] not in file.read_text():
            bad += 1
            print(f"{page}:{text.count(chr(10), 0, m.start()) + 1}: this is not in {m[1]}", file=sys.stderr)
    if text.count("<!-- from:") != len(re.findall(r"<!-- from: \S+ -->\n```", text)):
        bad += 1
        print(f"{page}: a `from` has no block below it", file=sys.stderr)
print(n)
sys.exit(bad > 0)
END
    )
}

it_shows_what_is_in_the_files() {
    (cd "$ROOT" && find . -name '*.md' ! -path './build*' ! -path '*/node_modules/*') >"$T/pages"
    # shellcheck disable=SC2046 # names without blanks
    status 0 snippets "$ROOT" $(cat "$T/pages")
    [ "$(cat "$T/out")" -gt 8 ] || fail "only $(cat "$T/out") snippets were found"
}

it_notices_a_snippet_that_is_not_current() {
    printf 'select 1;\nselect 2;\n' >"$T/a.sql"
    printf '<!-- from: a.sql -->\n```sql\nselect 2;\n```\n' >"$T/page.md"
    status 0 snippets "$T" page.md
    printf '\n<!-- from: a.sql -->\n```sql\nselect 3;\n```\n' >>"$T/page.md"
    status 1 snippets "$T" page.md
    has "$T/err" 'page.md:6: this is not in a.sql'
    printf '<!-- from: b.sql -->\n```sql\nselect 3;\n```\n' >"$T/page.md"
    status 1 snippets "$T" page.md
}

run_tests
