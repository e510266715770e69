/*
 * evidence: one sealed file with all that is known of a project's runs: who did what, when, on what, and what came of
 * it.
 *
 * A tar, compressed with zstd. First the files: the journal (a line of JSON for each event, with its digest), reports,
 * logs, plans. Then manifest.json, which has the length and BLAKE2b digest of every one of them and of the journal's
 * last event, and manifest.sig, the Ed25519 signature of the manifest. Whoever changes a byte has to sign anew with a
 * key that they do not have. Verifying needs the file alone; whose key it is, people have to tell each other.
 */
#ifndef RUNBOOK_EVIDENCE_H
#define RUNBOOK_EVIDENCE_H
#include "base/buf.h"
#include "base/digest.h"
#include "runbook/journal.h"

#define EVIDENCE_SEED 32
#define EVIDENCE_KEY_HEX 65
#define EVIDENCE_FILES_MAX 100000
#define EVIDENCE_BYTES_MAX ((int64_t)16 << 30) /* unpacked */

/* What goes in: a file on disk, or a text when `path` is NULL. */
struct evidence_file {
    const char *name, *path;
    struct str text;
};

struct evidence_about {
    const char *product, *project, *package, *by;
    int64_t created_us;
};

/* Writes the archive; a file that exists already is not overwritten. The key follows from `seed`; `ret_key` is its
 * public half. Fails with ERR_FILE or ERR_DISK_FULL, and leaves nothing behind then. */
bool evidence_seal(const char *path, const struct evidence_about *about, struct journal *j,
                   const struct evidence_file *files, size_t n, const unsigned char seed[EVIDENCE_SEED],
                   char ret_key[EVIDENCE_KEY_HEX], struct err *err) MUST_CHECK;

/* What an archive says, and whether it is what was sealed. */
struct evidence_verdict {
    struct evidence_about about;
    char key[EVIDENCE_KEY_HEX]; /* that signed it; "" when the signature is not good */
    size_t files, events;
    const char **problems; /* none: all is as it was sealed */
    size_t n_problems;
};

/* Reads an archive. Fails with ERR_EVIDENCE when it is none, ERR_FILE when it can not be read; what is wrong with one
 * is in the verdict, which lives in the arena. */
bool evidence_verify(const char *path, struct arena *a, struct evidence_verdict *ret, struct err *err) MUST_CHECK;

/* Names in the archive. */
#define EVIDENCE_FORMAT "carryover-evidence-1"
#define EVIDENCE_JOURNAL "journal.jsonl"
#define EVIDENCE_MANIFEST "manifest.json"
#define EVIDENCE_SIGNATURE "manifest.sig"

#endif
