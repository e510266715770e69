#!/bin/sh
# Custom code from export to model folder, as a developer types it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/e2e/exports.sh
. "$(dirname "$0")/exports.sh"

it_brings_exports_forward() {
    export_class CtsJob <<'X'
server public void run()
{
    // systemDateGet() stays in a comment
    TransDate d;
    ;
    d = systemDateGet();
    if (WinAPI::fileExists("c:\\systemDateGet()"))
    {
        pause;
    }
}
X
    co 0 xpp upgrade "$T/in" --out "$T/out.d" --model Contoso
    has "$T/out" '1 elements from 1 files, 1 carried over'
    class=$T/out.d/Contoso/Contoso/AxClass/CtsJob.xml
    has "$class" '<Extends>RunBaseBatch</Extends>'
    has "$class" '    public void run()'
    has "$class" '// systemDateGet() stays in a comment'
    has "$class" 'd = DateTimeUtil::getSystemDate(DateTimeUtil::getUserPreferredTimeZone());'
    has "$class" '/* TODO: (carryover D04)'
    has "$class" '"c:\\systemDateGet()"'
    has_not "$class" 'pause'
    has "$T/out.d/Contoso/Descriptor/Contoso.xml" '<Name>Contoso</Name>'
    well_formed "$T/out.d"
    has "$T/out.d/xpp-report.html" '<svg'
    head -n 1 "$T/out.d/xpp-report.csv" | grep -q '^rule,severity,outcome,model,kind,element' || fail 'no header in the CSV'
    python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); assert d["elements"] == 1 and d["todo"] == 1, d' "$T/out.d/xpp-report.json"
}

it_leaves_untouched_code_byte_for_byte() {
    export_class CtsSame <<'X'
  public   void run( )   // odd   layout
	{   int A=1;   /* kept */
   if(a==1)    { a   =2;   }

}   // end
X
    co 0 xpp upgrade "$T/in" --out "$T/out.d" --model M
    python3 - "$T/src/run" "$T/out.d/M/M/AxClass/CtsSame.xml" <<'P'
import sys, xml.dom.minidom
source = open(sys.argv[1]).read().rstrip('\n').split('\n')
method = xml.dom.minidom.parse(sys.argv[2]).getElementsByTagName('Source')[0]
text = ''.join(n.data for n in method.childNodes).split('\n')
expected = [('    ' + line) if line else '' for line in source]
assert text[1:1 + len(expected)] == expected, (text, expected)
P
}

it_moves_no_line_of_a_string() {
    export_class CtsText <<'X'
void run()
{
    s = @"one
two";
}
X
    co 0 xpp upgrade "$T/in" --out "$T/out.d" --model M
    grep -qx 'two";' "$T/out.d/M/M/AxClass/CtsText.xml" || fail 'the second line of a string was moved'
}

it_goes_on_behind_a_broken_element() {
    export_class CtsGood <<'X'
public void run()
{
    info("good");
}
X
    export_class CtsBad <<'X'
public void run()
{
    if (a b
    c = = 1;
}
X
    co 1 xpp upgrade "$T/in" --out "$T/out.d"
    has "$T/err" 'could not be read; everything else was'
    has "$T/out.d/xpp-report.csv" '"XPP","error","reported"'
    has "$T/out.d/xpp-report.csv" '/in/CtsBad.xpo"'
    has "$T/out.d/Custom/Custom/AxClass/CtsGood.xml" 'info("good");'
    has "$T/out.d/Custom/Custom/AxClass/CtsBad.xml" 'c = = 1;'
    co 1 xpp parse "$T/in/CtsBad.xpo"
    grep -q 'CtsBad.xpo:2[0-9]:' "$T/out" || fail "no place: $(cat "$T/out")"
}

it_counts_the_hours_of_a_method_once() {
    export_class CtsHours <<'X'
public void run()
{
    WinAPI::fileExists("a");
    WinAPI::fileExists("b");
}
X
    co 0 xpp upgrade "$T/in" --estimate --csv "$T/table.csv"
    has "$T/out" 'about 2 hours are left to people'
    same 'hours in the table' "$(grep -c '"D04".*,2.00,' "$T/table.csv") $(grep -c '"D04".*,0.00,' "$T/table.csv")" '1 1'
    co 1 xpp check "$T/in"
    grep 'D04' "$T/out" | grep -q '(methods/run)$' || fail "no method: $(cat "$T/out")"
}

it_makes_no_main_of_a_job_with_parameters_of_its_own() {
    mkdir "$T/in"
    {
        header
        printf '***Element: JOB\n\n  JOBVERSION 1\n  SOURCE #CtsNeeds\n    #static void CtsNeeds(CustTable _c, int i = 3)\n    #{\n    #    info("job");\n    #}\n  ENDSOURCE\n\n'
        footer
    } >"$T/in/job.xpo"
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    has "$T/out.d/Custom/Custom/AxClass/CtsNeeds.xml" 'public static void run(CustTable _c, int i = 3)'
    has "$T/out.d/Custom/Custom/AxClass/CtsNeeds.xml" 'TODO: (carryover L06) call run()'
    has "$T/out.d/xpp-report.csv" '"L06","error","todo"'
}

it_leaves_a_branch_that_is_no_code_as_it_is() {
    export_class CtsBranch <<'X'
public void run()
{
    #if.never
    This isn't code, today() or not
    #endif
    info(strFmt("%1", today()));
}
X
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    has "$T/out.d/xpp-report.csv" '"BRANCH","warning","reported","Custom","class","CtsBranch","methods/run"'
    has "$T/out.d/xpp-report.csv" '"#if.never"'
    has_not "$T/out.d/xpp-report.csv" '"XPP"'
    has "$T/out.d/Custom/Custom/AxClass/CtsBranch.xml" "This isn't code, today() or not"
    has "$T/out.d/Custom/Custom/AxClass/CtsBranch.xml" 'DateTimeUtil::getToday'
}

it_reads_every_encoding() {
    export_class CtsUtf <<'X'
public void run()
{
    info("Grüße");
}
X
    sed -i 's/CtsUtf/CtsSixteen/g' "$T/in/CtsUtf.xpo"
    { printf '\377\376'; iconv -f UTF-8 -t UTF-16LE "$T/in/CtsUtf.xpo"; } >"$T/in/a.xpo"
    sed 's/CtsSixteen/CtsWindows/g' "$T/in/CtsUtf.xpo" | iconv -f UTF-8 -t CP1252 >"$T/in/b.xpo"
    { printf '\357\273\277'; sed 's/CtsSixteen/CtsMarked/g; s/$/\r/' "$T/in/CtsUtf.xpo"; } >"$T/in/c.xpo"
    sed 's/CtsSixteen/CtsBare/g; 1,9d' "$T/in/CtsUtf.xpo" >"$T/in/d.xpo"
    rm "$T/in/CtsUtf.xpo"
    : >"$T/in/empty.xpo"
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    has "$T/out" '1 files have no element'
    for name in CtsSixteen CtsWindows CtsMarked CtsBare; do
        has "$T/out.d/Custom/Custom/AxClass/$name.xml" 'info("Grüße");'
        has_not "$T/out.d/Custom/Custom/AxClass/$name.xml" "$(printf '\r')"
    done
    co 2 xpp upgrade "$T/in/b.xpo" --out "$T/out.d" --encoding nonsense
    has "$T/err" nonsense
    for end in '\r' '\r\r\n'; do
        sed 's/CtsBare/CtsEnds/g' "$T/in/d.xpo" | python3 -c "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().replace(b'\n', b'$end'))" >"$T/ends.xpo"
        co 0 xpp upgrade "$T/ends.xpo" --out "$T/out.e"
        has "$T/out.e/Custom/Custom/AxClass/CtsEnds.xml" 'info("Grüße");'
        [ "$(wc -l <"$T/out.e/Custom/Custom/AxClass/CtsEnds.xml")" -gt 10 ] || fail "lines are gone with $end"
    done
    printf 'CLASS #CtsHole\n  METHODS\n    SOURCE #classDeclaration\n      #class CtsHole{}\n    ENDSOURCE\n    SOURCE #run\n      #// \201\n      #void run()\n      #{\n      #}\n    ENDSOURCE\n  ENDMETHODS\nENDCLASS\n' >"$T/hole.xpo"
    co 0 xpp upgrade "$T/hole.xpo" --out "$T/out.h"
    has "$T/out.h/xpp-report.csv" '"ENCODING","warning","reported"'
    has "$T/out.h/xpp-report.csv" '1 of them in the file, read as CP1252, the first one in line 7'
    has "$T/out.h/Custom/Custom/AxClass/CtsHole.xml" "$(printf '// \357\277\275')"
    yes 'this is no export' | head -30 >"$T/in/text.xpo"
    co 1 xpp check "$T/in/text.xpo"
    has "$T/out" 'there is no element here'
    rm "$T/in/text.xpo"
    printf '\201\215\217' >"$T/in/garbage.xpo"
    co 1 xpp upgrade "$T/in" --out "$T/out.d"
    has "$T/out.d/xpp-report.csv" 'has no meaning'
    has "$T/out.d/Custom/Custom/AxClass/CtsBare.xml" 'Grüße'
    ln -s . "$T/in/ring"
    ln -s /nowhere "$T/in/dead.xpo"
    mkfifo "$T/in/pipe.xpo"
    co 1 xpp upgrade "$T/in" --out "$T/out.d"
    mkdir "$T/nothing"
    co 6 xpp upgrade "$T/nothing" --out "$T/out.d"
    has "$T/err" 'there is no export'
}

it_orders_models_bottom_up() {
    export_class CtsBase <<'X'
public void run()
{
}
X
    mv "$T/in" "$T/base"
    export_class CtsTop CtsBase <<'X'
public void run()
{
    CtsBase b = new CtsBase();
}
X
    mv "$T/in" "$T/top"
    co 0 xpp upgrade "Top=$T/top" "Base=$T/base" --out "$T/out.d"
    has "$T/out" 'models, in the order to compile them'
    grep -q '  1  Base' "$T/out" || fail "Base is not first: $(cat "$T/out")"
    grep -q '  2  Top .*needs Base' "$T/out" || fail "Top does not need Base: $(cat "$T/out")"
    has "$T/out.d/Top/Descriptor/Top.xml" '<d2p1:string>Base</d2p1:string>'
    [ -f "$T/out.d/Base/Base/AxClass/CtsBase.xml" ] || fail 'Base has no class'
}

it_lists_names_that_nobody_has() {
    export_class CtsJob Object <<'X'
public void run()
{
    NobodyKnows n;
    CustTable c;
    info(CtsJob::missing());
    info("@ABC12");
}
X
    co 0 xpp upgrade "$T/in" --estimate --json
    python3 - "$T/out" <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
unknown = {(u['kind'], u['name'], u['member']) for u in d['unknown']}
assert unknown == {('type', 'NobodyKnows', ''), ('value', 'CtsJob', 'missing'), ('label', '@ABC', '')}, unknown
P
}

it_takes_rules_of_the_user() {
    export_class CtsJob <<'X'
public void run()
{
    OurLog::write("x");
}
X
    cat >"$T/ours.yaml" <<'X'
X1:
  title: our own log
  severity: warning
  mode: fix
  hours: 0.5
  match: OurLog::write($text)
  fix: EventLog::add($text)
  advice: the platform has a log
X
    co 0 xpp upgrade "$T/in" --out "$T/out.d" --rules "$T/ours.yaml"
    has "$T/out.d/Custom/Custom/AxClass/CtsJob.xml" 'EventLog::add("x");'
    co 0 xpp explain X1 --rules "$T/ours.yaml"
    has "$T/out" 'our own log'
    printf '  examples:\n    - {before: OurLog::write(a);, after: EventLog::write(a);}\n' >>"$T/ours.yaml"
    co 2 xpp upgrade "$T/in" --out "$T/out.d" --rules "$T/ours.yaml"
    has "$T/err" 'the rule X1 makes of its example'
    sed -i 's/match:.*/match: "f("/' "$T/ours.yaml"
    co 2 xpp upgrade "$T/in" --out "$T/out.d" --rules "$T/ours.yaml"
    has "$T/err" 'rule X1'
}

it_checks_and_explains() {
    export_class CtsJob <<'X'
public void run()
{
    today();
}
X
    co 0 xpp check "$T/in"
    grep -q 'CtsJob.xpo:2[0-9]:[0-9]*: warning: D01: ' "$T/out" || fail "no place: $(cat "$T/out")"
    place=$(sed -n 's/.*xpo:\([0-9]*\):\([0-9]*\): warning: D01.*/\1 \2/p' "$T/out")
    same 'what stands there' "$(sed -n "${place% *}p" "$T/in/CtsJob.xpo" | cut -c "${place#* }-" | cut -c 1-5)" today
    export_class CtsJob <<'X'
public void run()
{
    pause;
}
X
    co 1 xpp check "$T/in"
    has "$T/out" 'error: L01: '
    co 1 xpp check "$T/in" --severity error
    has "$T/out" 'error: L01: '
    has_not "$T/out" ': info: '
    co 2 xpp check "$T/in" --severity bad
    has "$T/err" 'error, warning or info'
    co 0 xpp explain d01
    has "$T/out" 'DateTimeUtil::getToday'
    co 0 xpp explain
    has "$T/out" 'D02'
    co 2 xpp explain D999
    has "$T/err" "there is no rule 'D999'"
    co 0 xpp explain --json
    python3 -c 'import json, sys; assert len(json.load(open(sys.argv[1]))) > 100' "$T/out"
}

it_has_a_row_for_every_rule_that_the_code_names() {
    co 0 xpp explain --json
    cp "$T/out" "$T/rules"
    { cat "$ROOT"/src/xpp/d365/*.c "$ROOT"/src/xpp/d365/*.def "$ROOT"/src/forward/*.c; } |
        grep -oE '"([A-Z][0-9]{2}[a-z]?|[A-Z]{3,9})"' | tr -d '"' | sort -u >"$T/named"
    python3 - "$T/rules" "$T/named" "$ROOT"/packages/ax2012r3-commerce/xpp/rules/*.yaml <<'P'
import json, sys, yaml
rules = {r['rule'] for r in json.load(open(sys.argv[1]))}
named = {w for w in open(sys.argv[2]).read().split() if w[1:].rstrip('abc').isdigit()}
words = {'PROPERTY', 'VALUE', 'XPO', 'XPP', 'LABEL', 'DUPLICATE', 'EXTENSION', 'EVENT', 'FORM', 'XML', 'ENCODING', 'BRANCH'}
assert named - rules == set(), named - rules
assert words - rules == set(), words - rules
assert len(named) > 30, named
asked = {'match', 'types', 'methods', 'modifiers', 'nodes', 'macros', 'check'}
said = set(open(sys.argv[2]).read().split())
for path in sys.argv[3:]:
    for rule, row in yaml.safe_load(open(path)).items():
        assert asked & row.keys() or rule in said, rule + ' is in the list, and nothing says it'
P
}

it_looks_into_macros_and_changes_nothing_there() {
    export_class CtsMacro <<'X'
public void run()
{
    #localmacro.Old
        pause;
        WinAPI::beep();
    #endmacro
    #define.Today(systemDateGet())
    #Old
}
X
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    for rule in L01 D04 D02; do
        grep -q "^\"$rule\",\"[a-z]*\",\"reported\"" "$T/out.d/xpp-report.csv" || fail "no $rule: $(cat "$T/out.d/xpp-report.csv")"
    done
    has "$T/out.d/Custom/Custom/AxClass/CtsMacro.xml" '        pause;'
    has "$T/out.d/Custom/Custom/AxClass/CtsMacro.xml" '#define.Today(systemDateGet())'
    place=$(sed -n 's/^"D04".*xpo",\([0-9]*\),\([0-9]*\),.*/\1 \2/p' "$T/out.d/xpp-report.csv")
    same 'what stands there' "$(sed -n "${place% *}p" "$T/in/CtsMacro.xpo" | cut -c "${place#* }-" | cut -c 1-6)" WinAPI
}

it_shows_what_the_readme_shows() {
    cp -r "$ROOT/examples" "$T/examples"
    cd "$T"
    co 0 xpp upgrade examples/code --out models --model Contoso -q
    sed -n '/^\$ carryover xpp upgrade examples/,/^```$/p' "$ROOT/README.md" | grep -v '^\$\|^```$\|^\.\.\.$' >"$T/shown"
    [ "$(wc -l <"$T/shown")" -gt 5 ] || fail 'the README shows no example'
    while IFS= read -r line; do
        has "$T/out" "$line"
    done <"$T/shown"
}

it_shows_the_tree() {
    export_class CtsJob <<'X'
public void run()
{
    counter++;
}
X
    co 0 xpp parse "$T/in/CtsJob.xpo"
    has "$T/out" 'UTF-8, 1 elements'
    has "$T/out" 'class CtsJob, line 4, 2 sources'
    co 0 xpp parse "$T/in/CtsJob.xpo" --tree
    has "$T/out" 'Extends = RunBaseBatch'
    has "$T/out" 'step ++'
}

it_leaves_pages_of_documentation_out() {
    mkdir "$T/in"
    {
        header
        printf '***Element: DOK\n\n#KERNDOC:\\\\Classes\\CLRObject\nVERSION 3\n\nPROPERTIES\n  Name                #CLRObject\n'
        printf "ENDPROPERTIES\n\nSOURCE\n  #text that isn't code; if (\nENDSOURCE\nENDDOC\n\n"
        footer
        printf '\032'
    } >"$T/in/doc.xpo"
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    has "$T/out.d/xpp-report.csv" '"M14"'
    has_not "$T/out.d/xpp-report.csv" '"XP'
    co 0 xpp parse "$T/in/doc.xpo"
}

it_keeps_a_job_beside_a_class_of_its_name() {
    export_class CtsThing <<'X'
public void run()
{
}
X
    {
        header
        printf '***Element: JOB\n\n  JOBVERSION 1\n  SOURCE #CtsThing\n    #static void CtsThing(Args _args)\n    #{\n    #    info("job");\n    #}\n  ENDSOURCE\n\n'
        footer
    } >"$T/in/Job_CtsThing.xpo"
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    has_not "$T/out.d/xpp-report.csv" DUPLICATE
    has "$T/out.d/Custom/Custom/AxClass/CtsThing.xml" 'int counter;'
    has "$T/out.d/Custom/Custom/AxClass/CtsThingJob.xml" 'info("job");'
}

it_carries_labels() {
    mkdir "$T/in"
    printf '\357\273\277@CTS1 First\n;a comment\n@CTS2 Second = two\n' >"$T/in/axCTSen-us.ald"
    printf '\357\273\277@CTS1 Erstes\n' >"$T/in/axCTSde.ald"
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    file=$(find "$T/out.d" -name '*en-US.label.txt')
    [ -n "$file" ] || fail "no labels: $(find "$T/out.d" -type f)"
    has "$file" '@CTS1=First'
    has "$file" '@CTS2=Second = two'
    well_formed "$T/out.d"
}

run_tests "$@"
