/* serialdate.c - spreadsheets' dates: a number, and a format that shows a date */
#include "serialdate.h"

#include <stdio.h>

bool format_shows_date(const char *code, size_t len)
{
	bool quoted = false;
	unsigned bracket = 0;

	for (size_t i = 0; i < len; i++) {
		char c = to_lower(code[i]);

		if (c == '"')
			quoted = !quoted;
		else if (c == '\\' || c == '_')
			i++;
		else if (!quoted && c == '[')
			bracket++;
		else if (!quoted && c == ']')
			bracket -= !!bracket;
		else if (!quoted && !bracket && (c == 'd' || c == 'y'))
			return true;
	}
	return false;
}

bool format_id_shows_date(uint64_t id)
{
	return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) ||
	       (id >= 50 && id <= 58);
}

/* Days from civil: Howard Hinnant's algorithm, backwards. */
bool serial_date(double serial, bool from_1904, char *ret, size_t cap)
{
	int64_t days, era, year;
	uint32_t doe, yoe, doy, mp, day, month, secs;

	if (!(serial >= 1 && serial < 2958466))
		return false;
	days = (int64_t)serial;
	secs = (uint32_t)((serial - (double)days) * 86400 + 0.5);
	/* 1900 was no leap year, but the first of these programs thought so. */
	days += from_1904 ? -24107 : days < 61 ? -25568 : -25569;
	days += 719468;
	era = days / 146097;
	doe = (uint32_t)(days - era * 146097);
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	year = (int64_t)yoe + era * 400;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	day = doy - (153 * mp + 2) / 5 + 1;
	month = mp < 10 ? mp + 3 : mp - 9;
	year += month <= 2;
	if (secs)
		snprintf(ret, cap, "%04u-%02u-%02u %02u:%02u:%02u", (unsigned)year, month, day,
			 secs / 3600 % 24, secs / 60 % 60, secs % 60);
	else
		snprintf(ret, cap, "%04u-%02u-%02u", (unsigned)year, month, day);
	return true;
}

void column_letters(uint32_t column, char ret[8])
{
	char reversed[8];
	size_t n = 0, len = 0;

	for (; column && n < sizeof(reversed) - 1; column = (column - 1) / 26)
		reversed[n++] = (char)('A' + (column - 1) % 26);
	while (n)
		ret[len++] = reversed[--n];
	ret[len] = '\0';
}
