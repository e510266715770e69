/*
 * file: whole files and folders.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H
#include "base/arena.h"
#include "base/err.h"

#define FILE_MAX ((size_t)256 << 20)

/* The whole file with a zero byte behind it; fails with ERR_FILE, or ERR_LIMIT above FILE_MAX. */
bool file_read(const char *path, struct arena *a, struct str *ret_text, struct err *err) MUST_CHECK;

/* Writes a file so that a crash leaves either the old or the new one: temporary file, fsync, rename. */
bool file_write(const char *path, struct str text, struct err *err) MUST_CHECK;

/* Writes a file in place and does not wait for the disk: for what can be made again. */
bool file_put(const char *path, struct str text, struct err *err) MUST_CHECK;

/* Makes a folder and its parents; it may exist already. */
bool file_make_dirs(const char *path, struct err *err) MUST_CHECK;

bool file_exists(const char *path);
bool file_is_dir(const char *path);

/* False when somebody else than its owner may read or write it. */
bool file_is_private(const char *path);

/* Names in a folder that end with `suffix`, sorted by bytes; NULL-terminated. A missing folder has none. */
bool file_list(const char *dir, const char *suffix, struct arena *a, char ***ret_names, size_t *ret_n,
               struct err *err) MUST_CHECK;

/* All that is no folder below a folder, hidden files too, by its path from there, sorted by bytes. Links are not
 * followed. Fails with ERR_LIMIT when folders are nested too deeply. */
bool file_tree(const char *dir, struct arena *a, char ***ret_paths, size_t *ret_n, struct err *err) MUST_CHECK;

/* Removes a folder with all that is in it; a missing one is no failure. */
bool file_remove_tree(const char *path, struct err *err) MUST_CHECK;

/* The absolute path, links resolved where the path exists; else joined with the working directory. */
char *file_absolute(struct arena *a, const char *path);

/* Raises the number of files that this process may have open as far as the system lets it, and says how many. */
int64_t file_most_open(void);

#endif
