/** serialdate.h - spreadsheets' dates: a number, and a format that shows a date */
#ifndef SERIALDATE_H
#define SERIALDATE_H

#include "base.h"

/** Does a number format show a date?  Days or years outside of quotes and brackets. */
bool format_shows_date(const char *code, size_t len);

/** The same of the formats that every workbook has without saying so. */
bool format_id_shows_date(uint64_t id);

/**
 * A day number as "1989-07-14" or "1989-07-14 12:30:00".
 *
 * @return  false: out of range, nothing written
 */
bool serial_date(double serial, bool from_1904, char *ret, size_t cap);

/** 28 to "AB"; `ret` has room for 8. */
void column_letters(uint32_t column, char ret[8]);

#endif
