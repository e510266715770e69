/*
 * parcel_manifest: manifest.json, the first file of a parcel, as text and back.
 *
 * For the writer and the reader of parcels only. Reading checks everything that can be checked without the rows: fields
 * and their types, names, ranges, that keys and counters are columns. Fields that are not known are left alone: a newer
 * headquarters may send more. Pure; source: docs/n1/protocol.md.
 */
#ifndef NET_PARCEL_MANIFEST_H
#define NET_PARCEL_MANIFEST_H
#include "net/parcel.h"

#define PARCEL_MANIFEST_NAME "manifest.json"
#define PARCEL_MANIFEST_MAX ((size_t)4 << 20) /* bytes; a parser of JSON takes about thirty times that */

/* True when the table has to stand in the manifest: it has rows or keys, or takes rows away by having none. */
bool parcel_manifest_has(const struct parcel_table *t);

/* Appends the text, without the tables that need not stand in it. */
void parcel_manifest_put(struct buf *b, const struct parcel *p);

/* Reads it into the arena; format and kind decide what has to be there. Fails with ERR_PARCEL. */
bool parcel_manifest_read(struct str text, struct arena *a, struct parcel *ret, struct err *err) MUST_CHECK;

#endif
