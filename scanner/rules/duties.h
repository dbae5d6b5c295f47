/** duties.h - which duty evidence of a category touches, in words for who keeps records */
#ifndef DUTIES_H
#define DUTIES_H

/** @return  a few sentences; a static string, or NULL if nobody has written them */
const char *duty_in_words(const char *category);

#endif
