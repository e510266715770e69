#!/bin/sh
# tools/bootstrap with a machine made of fakes: dpkg-query, apt-get, apt-cache, sudo and id are scripts in $T/bin that
# keep the list of installed packages in $T/installed and write what they were asked into $T/log.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# fake NAME: the body comes from standard input
fake() {
    { echo '#!/bin/sh'; cat; } >"$T/bin/$1"
    chmod 755 "$T/bin/$1"
}

# machine UID: everything that `build` needs is installed, and no server
machine() {
    mkdir -p "$T/bin" "$T/root"
    for tool in sh sed grep tr cat cp mv rm rmdir mkdir chmod printf head env wc touch; do
        ln -s "$(command -v "$tool")" "$T/bin/$tool"
    done
    : >"$T/log"
    : >"$T/unknown"
    printf '%s\n' gcc libc6-dev make meson ninja-build pkgconf libpq-dev libpg-query-dev libprotobuf-c-dev libjansson-dev \
        libyaml-dev libsqlite3-dev libxxhash-dev libzstd-dev libarchive-dev libcurl4-openssl-dev libxml2-dev libevent-dev libsodium-dev libssl-dev >"$T/installed"
    echo "echo $1" | fake id
    echo : | fake true
    fake dpkg-query <<'END'
for name; do :; done
grep -qx -- "$name" "$T/installed" && printf installed
END
    fake apt-cache <<'END'
for name; do :; done
grep -qx -- "$name" "$T/unknown" || echo "Package: $name"
END
    fake sudo <<'END'
[ -e "$T/sudoer" ] || exit 1
shift
echo "sudo $*" >>"$T/log"
exec "$@"
END
    fake apt-get <<'END'
echo "apt-get $* frontend=${DEBIAN_FRONTEND:-}" >>"$T/log"
case $1 in
    update) : >"$T/unknown"; touch "$T/updated"; exit 0 ;;
esac
[ ! -e "$T/stale" ] || [ -e "$T/updated" ] || exit 100
[ ! -e "$T/broken" ] || exit 100
for package; do
    case $package in
        postgresql-15)
            cp "$T/root/etc/postgresql-common/createcluster.conf" "$T/conf-seen"
            if [ -e "$T/root/usr/sbin/policy-rc.d" ]; then cp "$T/root/usr/sbin/policy-rc.d" "$T/policy-seen"; fi
            mkdir -p "$T/root/usr/share/postgresql-common" "$T/root/usr/lib/postgresql/15/bin"
            echo template >"$T/root/usr/share/postgresql-common/createcluster.conf"
            touch "$T/root/usr/lib/postgresql/15/bin/initdb"
            chmod 755 "$T/root/usr/lib/postgresql/15/bin/initdb" ;;
        -*) ;;
        *) echo "$package" >>"$T/installed" ;;
    esac
done
END
}

bootstrap() {
    expected=$1
    shift
    status "$expected" env PATH="$T/bin" T="$T" BOOTSTRAP_ROOT="$T/root" "$ROOT/tools/bootstrap" "$@"
}

server_is_there() {
    mkdir -p "$T/root/usr/lib/postgresql/16/bin"
    touch "$T/root/usr/lib/postgresql/16/bin/initdb"
    chmod 755 "$T/root/usr/lib/postgresql/16/bin/initdb"
}

it_says_and_does_nothing_when_nothing_is_missing() {
    machine 0
    server_is_there
    bootstrap 0 build run
    same output "$(cat "$T/err" "$T/out" "$T/log")" ''
}

it_installs_only_what_is_missing() {
    machine 0
    bootstrap 0 build test
    same log "$(cat "$T/log")" \
        'apt-get install -y -q --no-install-recommends libcmocka-dev clang python3 python3-jsonschema python3-yaml openssl zstd frontend=noninteractive'
}

it_does_not_install_a_second_time() {
    machine 0
    bootstrap 0 build test
    : >"$T/log"
    bootstrap 0 build test
    same log "$(cat "$T/log")" ''
}

it_names_a_package_of_two_sets_once() {
    machine 0
    bootstrap 0 test lint
    same clang "$(grep -o ' clang ' "$T/log" | wc -l)" 1
}

it_uses_sudo_when_it_asks_for_no_password() {
    machine 1000
    touch "$T/sudoer"
    bootstrap 0 test
    has "$T/log" 'sudo env DEBIAN_FRONTEND=noninteractive apt-get install'
}

it_prints_the_exact_command_when_it_may_not_install() {
    machine 1000
    bootstrap 1 build run test
    same log "$(cat "$T/log")" ''
    has "$T/err" 'sudo apt-get install -y --no-install-recommends postgresql-15 libcmocka-dev clang python3 python3-jsonschema python3-yaml openssl zstd'
}

it_reads_the_package_lists_only_when_a_package_is_unknown() {
    machine 0
    echo libcmocka-dev >"$T/unknown"
    bootstrap 0 test
    same first "$(head -n 1 "$T/log")" 'apt-get update -q frontend=noninteractive'
}

it_reads_the_package_lists_when_they_name_versions_that_are_gone() {
    machine 0
    touch "$T/stale"
    bootstrap 0 test
    same log "$(sed 's/ frontend.*//; s/ -y.*//' "$T/log" | tr '\n' ',')" 'apt-get install,apt-get update -q,apt-get install,'
}

it_fails_when_apt_fails() {
    machine 0
    touch "$T/broken"
    bootstrap 100 test
}

it_installs_a_server_without_a_cluster_and_without_starting_services() {
    machine 0
    bootstrap 0 build run
    has "$T/conf-seen" 'create_main_cluster = false'
    has "$T/policy-seen" 'exit 101'
    [ ! -e "$T/root/usr/sbin/policy-rc.d" ] || fail 'policy-rc.d was left behind'
    same conf "$(cat "$T/root/etc/postgresql-common/createcluster.conf")" template
}

it_puts_the_settings_of_the_administrator_back() {
    machine 0
    mkdir -p "$T/root/etc/postgresql-common" "$T/root/usr/sbin"
    echo mine >"$T/root/etc/postgresql-common/createcluster.conf"
    echo policy >"$T/root/usr/sbin/policy-rc.d"
    bootstrap 0 run
    has "$T/conf-seen" 'create_main_cluster = false'
    same conf "$(cat "$T/root/etc/postgresql-common/createcluster.conf")" mine
    same policy "$(cat "$T/root/usr/sbin/policy-rc.d")" policy
    [ ! -e "$T/root/etc/postgresql-common/createcluster.conf.bootstrap" ] || fail 'a backup was left behind'
}

it_puts_everything_back_when_the_installation_fails() {
    machine 0
    touch "$T/broken"
    bootstrap 100 run
    [ ! -e "$T/root/usr/sbin/policy-rc.d" ] || fail 'policy-rc.d was left behind'
    [ ! -e "$T/root/etc/postgresql-common" ] || fail 'createcluster.conf was left behind'
}

it_takes_any_server_that_is_installed() {
    machine 0
    server_is_there
    bootstrap 0 run
    same log "$(cat "$T/log")" ''
}

it_takes_the_version_of_the_distribution_when_15_is_unknown() {
    machine 1000
    echo postgresql-15 >"$T/unknown"
    bootstrap 1 run
    has "$T/err" 'install -y --no-install-recommends postgresql'
    has_not "$T/err" 'postgresql-15'
}

it_goes_on_where_there_is_no_dpkg() {
    machine 0
    rm "$T/bin/dpkg-query"
    bootstrap 0 build
    has "$T/err" 'not Debian'
}

it_refuses_a_set_that_it_does_not_know() {
    machine 0
    bootstrap 1 everything
    has "$T/err" 'unknown set of packages: everything'
}

run_tests
