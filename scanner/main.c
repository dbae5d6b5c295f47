/*
 * main.c - where a reader starts
 *
 *   cli/       commands, options, the terminal
 *   run/       the coordinator's order of things: walk, workers, log
 *   walk/      roots to opened files; every hazard of a real share
 *   work/      the zygote and the workers' pool: both sides of the socket
 *   confine/   what a worker may not do
 *   engine/    inside a worker: an item in, objects with findings and gaps out
 *   identify/  bytes to a type
 *   extract/   a type to text and members; one format a file
 *   text/      charsets, and the normal form that patterns see
 *   rules/     packs of rules, compiled
 *   match/     text to raw hits
 *   validate/  check digits, ranges, calendars
 *   detect/    what no rule can say: protective markings
 *   classify/  hits to findings: context, confidence, overlaps, masks
 *   report/    the run log to what people read
 *   base/      buffers, errors, UTF-8, hashes
 *
 * A file's way: walk opens it, work hands it to a worker, engine identifies, extracts,
 * matches and judges it, work brings the result home, run writes the log, report reads
 * the log.  patterns/ holds the rules as data; include/assay/ is the library's face.
 */
#include "commands.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
