/* library.c - dlopen(), once a library */
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>

#include "fail.h"

enum { NOT_TRIED, OPEN, MISSING };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint refusals;

/* Set once, by a process of one thread. */
static struct {
	bool sealed;
	library_late_fn *late;
	void *ctx;
} end;

/* All or nothing: an older library may lack a function. */
static bool load(struct library *lib)
{
	/* Nothing is left to be bound later: that would be a fault in the middle of work. */
	void *handle = dlopen(lib->soname, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle && i < lib->count; i++) {
		void *found = dlsym(handle, lib->names[i]);

		if (!found)
			return false;
		memcpy((char *)lib->pointers + i * sizeof(found), &found, sizeof(found));
	}
	return handle;
}

static bool open_once(struct library *lib)
{
	int state;

	pthread_mutex_lock(&lock);
	state = atomic_load_explicit(&lib->state, memory_order_relaxed);
	if (state == NOT_TRIED) {
		state = load(lib) ? OPEN : MISSING;
		atomic_store_explicit(&lib->state, state, memory_order_release);
	}
	pthread_mutex_unlock(&lock);
	return state == OPEN;
}

bool library_open(struct library *lib)
{
	int state = atomic_load_explicit(&lib->state, memory_order_acquire);

	if (state == OPEN)
		return true;
	if (state == NOT_TRIED && !end.sealed && open_once(lib))
		return true;
	atomic_fetch_add(&refusals, 1);
	if (state == NOT_TRIED && end.sealed && end.late)
		end.late(end.ctx, lib);
	return false;
}

void library_try(struct library *lib)
{
	bool there = library_open(lib);

	(void)there; /* whoever needs it is told */
}

enum assay_status library_need(struct library *lib, enum assay_status reach,
			       enum assay_reason reason, struct assay_error *err)
{
	return library_open(lib)
		   ? ASSAY_OK
		   : assay_fail(err, reach, reason, "%s cannot be opened", lib->soname);
}

void library_seal(library_late_fn *late, void *ctx)
{
	end.sealed = true;
	end.late = late;
	end.ctx = ctx;
}

unsigned library_refusals(void)
{
	return atomic_load(&refusals);
}
