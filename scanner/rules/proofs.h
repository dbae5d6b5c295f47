/** proofs.h - what each validator checks, in words for somebody who keeps records */
#ifndef PROOFS_H
#define PROOFS_H

/** @return  a sentence; a static string, or NULL if nobody has written one */
const char *proof_in_words(const char *validator);

#endif
