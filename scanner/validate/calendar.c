/* calendar.c - days that exist, and today */
#include "scheme.h"

bool is_calendar_day(unsigned year, unsigned month, unsigned day)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

/* By arithmetic: gmtime_r() may open the time zone file, which a worker cannot.
 * Days since 1 March 0000 fall into eras of 400 years. */
struct day today(void)
{
	struct timespec now;
	unsigned days, era, of_era, year, of_year, month;

	clock_gettime(CLOCK_REALTIME, &now);
	days = (unsigned)(now.tv_sec / 86400) + 719468;
	era = days / 146097;
	of_era = days % 146097;
	year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	return (struct day){
		.year = year + era * 400 + (month >= 10 ? 1 : 0),
		.month = month < 10 ? month + 3 : month - 9,
		.day = of_year - (153 * month + 2) / 5 + 1,
	};
}
