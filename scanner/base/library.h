/**
 * library.h - shared libraries that are opened when they are first needed
 *
 * The dynamic loader maps every library a program is linked with before main() runs, and
 * most scans need few of them.  The others are opened here, by their soname, and called
 * through a table of pointers that is made from a list of names:
 *
 *	#define YAML_CALLS(X) X(yaml_parser_parse) X(yaml_event_delete)
 *
 *	static LIBRARY_CALLS(yaml_calls, YAML_CALLS) yaml;
 *	static struct library libyaml = LIBRARY(YAML_SONAME, YAML_CALLS, yaml);
 *
 *	if (!library_open(&libyaml))
 *		return ...;
 *	yaml.yaml_parser_parse(&parser, &event);
 *
 * The pointers have the types of the header's prototypes, so that the compiler checks each
 * call, and nothing refers to the library's own symbols, so that the linker finds a call
 * that goes past the table.  CMake's assay_opened_library() gives headers and soname.
 *
 * A library stays open.  Safe to use from several threads.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdatomic.h>

#include "base.h"

#define LIBRARY_POINTER_(name) __typeof__(name) *name;
#define LIBRARY_NAME_(name) #name,

/** A table's type: struct yaml_calls { __typeof__(yaml_parser_parse) *yaml_parser_parse; ... } */
#define LIBRARY_CALLS(tag, calls) \
	struct tag { \
		calls(LIBRARY_POINTER_) \
	}

/** Initialiser, outside of functions: the soname, the names, the table filled by them. */
#define LIBRARY(soname_, calls, table) \
	{ \
		.soname = (soname_), .names = (const char *const[]){ calls(LIBRARY_NAME_) }, \
		.pointers = &(table), .count = sizeof(table) / sizeof(void (*)(void)), \
	}

struct library {
	const char *soname;
	const char *const *names; /**< of the functions */
	void *pointers;           /**< to them, in the same order */
	size_t count;
	atomic_int state; /**< enum of library.c */
};

/**
 * Open a library, unless it is open, and find all its functions.  One that failed is not
 * tried again.
 *
 * @return  false: no pointer of the table may be used
 */
MUST_USE bool library_open(struct library *lib);

/** Open it now if it can be: whoever needs it later is told if it cannot. */
void library_try(struct library *lib);

/** The same as library_open(); if it fails, `reach` and an error of this reason that names the
 * library. */
MUST_USE enum assay_status library_need(struct library *lib, enum assay_status reach,
					enum assay_reason reason, struct assay_error *err);

/** Called for a library that would have to be opened and cannot any more; need not return. */
typedef void library_late_fn(void *ctx, const struct library *lib);

/**
 * Before this process gives up its right to open files: from here on library_open() of
 * what is not open calls `late`, and is false if that returns.  It is not called for a
 * library that was tried before: that one is missing whoever asks.
 *
 * @param late  may be NULL
 */
void library_seal(library_late_fn *late, void *ctx);

/** How often library_open() was false in this process. */
unsigned library_refusals(void);

#endif
