#!/bin/sh
# tools/layers and tools/headers on small trees with one mistake each.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# file PATH LINE...
file() {
    mkdir -p "$T/src/$(dirname "$1")"
    path=$T/src/$1
    shift
    printf '%s\n' "$@" >"$path"
}

layers() {
    status "$1" "$ROOT/tools/layers" "$T/src"
}

it_is_content_with_includes_that_go_down() {
    file main.c '#include "cmd/run.h"' '#include <stdio.h>'
    file cmd/run.c '#include "cmd/run.h"' '#include "lens/lens.h"' '#include "verify/verify.h"' '#include "base/err.h"'
    file verify/verify.c '#include "source/source.h"' '#include "db/pg.h"' '#include "model/table.h"'
    file source/source.c '#include "conf/project.h"' '#include "tables/errors.def"'
    file db/pg.c '#include "base/err.h"' '#include "model/table.h"'
    layers 0
    same output "$(cat "$T/out")" ''
}

it_names_file_and_line_of_an_include_that_goes_up() {
    file base/err.c '#include "base/err.h"' '' '#include "db/pg.h"'
    layers 1
    has "$T/out" 'base/err.c:3: base/ may not include db/pg.h: db/ is above it'
}

it_keeps_capabilities_apart() {
    file lens/load.h '/* x */' '#include "verify/law.h"'
    layers 1
    has "$T/out" 'lens/load.h:2: lens/ may not include verify/law.h: a capability never includes another one'
}

it_keeps_the_source_below_the_other_capabilities() {
    file source/pg.c '#include "replicate/follow.h"'
    layers 1
    has "$T/out" 'source/pg.c:1:'
}

it_keeps_parts_of_one_layer_apart() {
    file model/table.c '#include "db/pg.h"'
    layers 1
    has "$T/out" 'they are of one layer'
}

it_keeps_the_floors_of_xpp_apart() {
    file xpp/d365/write.c '#include "xpp/d365/write.h"' '#include "xpp/symbols.h"' '#include "xpp/xpo/node.h"'
    file xpp/symbols.c '#include "xpp/xpo/node.h"' '#include "xpp/finding.h"'
    layers 0
    file xpp/lang/lex.c '#include "xpp/symbols.h"'
    layers 1
    has "$T/out" 'xpp/lang/lex.c:1: xpp/ may not include xpp/symbols.h here: it is above it'
    file xpp/lang/lex.c '#include "xpp/xpo/node.h"'
    layers 1
    has "$T/out" 'xpp/lang/lex.c:1: xpp/lang/ may not include xpp/xpo/node.h: they are of one layer'
    file xpp/lang/lex.c '#include "xpp/lang/token.h"'
    file xpp/rules/apply.c '#include "xpp/d365/write.h"'
    layers 1
    has "$T/out" 'xpp/rules/apply.c:1:'
}

it_wants_paths_below_src() {
    file db/pg.c '#include "pg.h"'
    layers 1
    has "$T/out" 'must be included by its path below src/'
}

it_finds_a_header_that_does_not_compile_alone() {
    mkdir -p "$T/tests"
    file base/ban.h '' && file base/good.h '#include <stddef.h>' 'size_t f(void);' && file base/bad.h 'size_t f(void);'
    status 1 "$ROOT/tools/headers" "$T"
    has "$T/err" 'src/base/bad.h: does not compile alone with gcc'
    has_not "$T/err" 'good.h: does not'
}

run_tests
