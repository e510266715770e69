/*
 * xml: writing XML text as the D365 tools write it: tab indentation, no byte order mark, sources as CDATA.
 *
 * Text and attributes are escaped; a name of an element is a literal of ours. Characters that XML 1.0 cannot hold
 * become U+FFFD, and `bad` counts them, so that the caller can tell. What was opened must be closed: asserted.
 */
#ifndef XPP_XML_H
#define XPP_XML_H
#include "base/buf.h"
#include "base/str.h"

#define XML_DEPTH_MAX 256

struct xml {
    struct buf *out;
    const char *open[XML_DEPTH_MAX];
    int depth;
    bool children; /* the innermost open element has some */
    uint32_t bad;
};

/* Begins a document with its declaration: <?xml version="1.0" encoding="utf-8"?>. */
void xml_begin(struct xml *x, struct buf *out);
void xml_end(struct xml *x); /* asserts that everything is closed */

/* <name attributes>; attributes are text of ours that is written as it is: `xmlns=""\ni:type="AxTableFieldString"`, or
 * "". A newline in them puts what follows on a line of its own, as the vendor's serializer does with i:type. */
void xml_open(struct xml *x, const char *name, const char *attributes);
void xml_close(struct xml *x);

/* <name>text</name>; an empty text makes <name />. */
void xml_leaf(struct xml *x, const char *name, struct str text);
void xml_leaf_with(struct xml *x, const char *name, const char *attributes, struct str text);
void xml_empty(struct xml *x, const char *name, const char *attributes);

/* <name><![CDATA[ NL text NL ]]></name>: X++. `]]>` in it is split over two sections. Not indented by us. */
void xml_source(struct xml *x, const char *name, struct str text);

#endif
