# exports: exports of custom code, for the tests of `carryover xpp`. Source tests/tap.sh first.
#
# shellcheck shell=sh

export CARRYOVER_PACKAGES="$ROOT/packages"

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" "$@"
}

header() {
    printf 'Exportfile for AOT version 1.0 or later\nFormatversion: 1\n\n'
}

# class NAME EXTENDS METHOD...: each METHOD is a file whose name is the method's, with its X++
class() {
    name=$1 extends=$2
    shift 2
    printf '***Element: CLS\n\n; Microsoft Dynamics AX Class: %s unloaded\n; ---\n  CLSVERSION 1\n  \n  CLASS #%s\n    PROPERTIES\n' "$name" "$name"
    printf '      Name                #%s\n      Extends             #%s\n    ENDPROPERTIES\n    \n    METHODS\n' "$name" "$extends"
    for method in "$@"; do
        printf '      SOURCE #%s\n' "$(basename "$method")"
        sed 's/^/        #/' "$method"
        printf '      ENDSOURCE\n'
    done
    printf '    ENDMETHODS\n  ENDCLASS\n  \n\n'
}

# delta NAME METHOD...: what one layer changed of a class
delta() {
    class "$@" | sed '/SOURCE #classDeclaration/,/ENDSOURCE/d'
}

footer() {
    printf '***Element: END\n'
}

source_of() {
    mkdir -p "$T/src"
    cat >"$T/src/$1"
}

# the export of one class with a declaration and a method run, in $T/in/NAME.xpo
export_class() {
    mkdir -p "$T/in"
    source_of classDeclaration <<X
class $1 extends ${2:-RunBaseBatch}
{
    int counter;
}
X
    source_of run
    {
        header
        class "$1" "${2:-RunBaseBatch}" "$T/src/classDeclaration" "$T/src/run"
        footer
    } >"$T/in/$1.xpo"
}

well_formed() {
    find "$1" -name '*.xml' | while read -r file; do
        python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$file" || echo "$file"
    done >"$T/broken"
    [ ! -s "$T/broken" ] || fail "not well formed: $(cat "$T/broken")"
}
