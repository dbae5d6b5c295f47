/* duties.c - which duty evidence of a category touches, in words for who keeps records */
#include "duties.h"

#include "base.h"

static const struct {
	const char *category, *words;
} duties[] = {
	{ "personal.identifier",
	  "Personal data: UK GDPR and part 2 of the Data Protection Act 2018; part 3 where police "
	  "or "
	  "courts hold it to enforce the law.  Kept no longer, and seen by no more people, than "
	  "its "
	  "purpose needs.  Taken out before a release under FOI (section 40)." },
	{ "personal.contact",
	  "Personal data where it is a person's: UK GDPR and part 2 of the Data Protection Act "
	  "2018, "
	  "part 3 where police or courts hold it to enforce the law.  Taken out before a release "
	  "under FOI (section 40), but for public contacts of an organisation." },
	{ "personal.attribute",
	  "Personal data beside whoever it belongs to: UK GDPR and part 2 of the Data Protection "
	  "Act "
	  "2018, part 3 where police or courts hold it to enforce the law.  Taken out before a "
	  "release under FOI (section 40)." },
	{ "personal.device",
	  "Personal data, since it leads to whoever uses the device: UK GDPR and part 2 of the "
	  "Data "
	  "Protection Act 2018.  Had from an operator it is communications data: part 3, and the "
	  "Investigatory Powers Act 2016." },
	{ "personal.special",
	  "Special category data: UK GDPR article 9, Data Protection Act 2018 sections 10 and 11 "
	  "and "
	  "schedule 1; in part 3 it is sensitive processing (section 35(8), schedule 8).  It needs "
	  "a "
	  "condition and a policy document.  Taken out before a release under FOI (section 40)." },
	{ "personal.criminal",
	  "Criminal offence data: UK GDPR article 10, Data Protection Act 2018 section 10 and "
	  "schedule 1; part 3 where police or courts hold it.  Exempt under FOI sections 30 and "
	  "40." },
	{ "business.identifier",
	  "Mostly public.  That of a sole trader or a partner is personal data (UK GDPR, Data "
	  "Protection Act 2018 part 2)." },
	{ "policing.offender", "Criminal offence data: Data Protection Act 2018 part 3 where "
			       "police or courts hold it, UK "
			       "GDPR article 10 and section 10 of the Act elsewhere.  Reviewed, "
			       "kept and disposed of as the "
			       "code of practice on police information says (MoPI).  Exempt under "
			       "FOI sections 30 and 40." },
	{ "policing.record", "It leads to victims, witnesses and suspects: Data Protection Act "
			     "2018 part 3, and the duty "
			     "to keep and disclose material of an investigation (CPIA 1996).  "
			     "Reviewed and disposed of as "
			     "the code of practice on police information says (MoPI).  Exempt "
			     "under FOI sections 30, 38 "
			     "and 40." },
	{ "policing.intelligence",
	  "OFFICIAL-SENSITIVE at least under the Government Security Classifications.  Its "
	  "disclosure "
	  "may be an offence under the Official Secrets Act 1989 (section 4).  Data Protection Act "
	  "2018 "
	  "part 3; RIPA 2000 where a covert source or surveillance is behind it.  Exempt under FOI "
	  "sections 23, 30 and 31." },
	{ "finance.account",
	  "Personal data where it is a person's: UK GDPR and part 2 of the Data Protection Act "
	  "2018; "
	  "its loss is a breach that may have to be reported, since it serves fraud." },
	{ "secret.credential", "Security of processing: UK GDPR article 32, Data Protection Act "
			       "2018 section 66.  In the "
			       "open it is a security incident: tell whoever answers for security, "
			       "replace it, then look "
			       "for its use.  If it opened personal data, a breach to be reported "
			       "within 72 hours (article "
			       "33, section 67)." },
	{ "system.security",
	  "OFFICIAL-SENSITIVE where it is about the body's own systems (Government Security "
	  "Classifications).  Security of processing: UK GDPR article 32, Data Protection Act 2018 "
	  "section 66.  Exempt under FOI sections 24 and 31." },
	{ "marking", "Handled as its marking says, wherever it lies: Government Security "
		     "Classifications policy, "
		     "or the agreement of the scheme it is of.  From SECRET on its disclosure may "
		     "be an offence "
		     "(Official Secrets Act 1989).  The originator alone lowers a marking.  A "
		     "marking by itself "
		     "is no exemption under FOI: the content is judged." },
};

const char *duty_in_words(const char *category)
{
	for (size_t i = 0; i < ARRAY_SIZE(duties); i++)
		if (strcmp(duties[i].category, category) == 0)
			return duties[i].words;
	return NULL;
}
