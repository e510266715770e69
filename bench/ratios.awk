# Medians of runs, as ratios to one contender: above 1 the contender takes longer than the base.
# In: benchmark, contender, seconds, CPU seconds, load average; separated by tabs.
BEGIN { FS = "\t" }

function sort_numbers(a, n,    i, j, v) {
    for (i = 2; i <= n; i++) {
        v = a[i]
        for (j = i - 1; j > 0 && a[j] > v; j--)
            a[j + 1] = a[j]
        a[j + 1] = v
    }
}

function median(values, who, n,    a, i) {
    for (i = 1; i <= n; i++)
        a[i] = values[who, i]
    sort_numbers(a, n)
    return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
}

# Six hundredths above the base and six below look alike on a shared machine; two decimals are enough.
function ratio(v, base) { return base > 0 ? sprintf("%.2f", v / base) : "-" }

{
    if (!($2 in runs))
        order[++contenders] = $2
    n = ++runs[$2]
    wall[$2, n] = $3 + 0
    cpu[$2, n] = $4 + 0
    load = load (load ? " " : "") $5
}

END {
    if (!(base in runs)) {
        print title ": nothing was measured"
        exit
    }
    base_wall = median(wall, base, runs[base])
    base_cpu = median(cpu, base, runs[base])
    printf "%s: median of %d runs each, taking turns; %s = 1\n", title, runs[base], base
    printf "  %-36s %8s %8s\n", "", "time", "CPU"
    for (i = 1; i <= contenders; i++) {
        who = order[i]
        printf "  %-36s %8s %8s\n", who, ratio(median(wall, who, runs[who]), base_wall), ratio(median(cpu, who, runs[who]), base_cpu)
    }
    print "  load average before each run: " load
}
