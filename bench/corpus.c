/*
 * corpus.c - seeded corpora for the benchmarks
 *
 *   corpus KIND SEED BYTES > FILE        KIND: text prose log csv source binary
 *   corpus small SEED FILES DIR          files of 2 to 8 KiB of all kinds of text
 *
 * `text` is three quarters prose, one quarter logs.  Values planted in it are made up
 * as they are written: about one in 11 KB of prose, one a line in a CSV.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base.h"

static uint64_t state;

/** xorshift64* (Vigna, 2016). */
static uint64_t next64(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(0x2545F4914F6CDD1D);
}

static unsigned below(unsigned n)
{
	return (unsigned)((next64() >> 33) % n);
}

/** What is being written; flushed by the caller. */
static struct {
	char data[2 * 1024 * 1024];
	size_t len;
} out;

static void put(const char *text, size_t len)
{
	memcpy(out.data + out.len, text, len);
	out.len += len;
}

static void putf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void putf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out.len += (size_t)vsnprintf(out.data + out.len, 512, fmt, args);
	va_end(args);
}

static void put_chars(const char *alphabet, unsigned n)
{
	unsigned size = (unsigned)strlen(alphabet);

	while (n--)
		putf("%c", alphabet[below(size)]);
}

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static const char *const first_names[] = { "James",   "Olivia", "Mohammed", "Priya",
					   "Siobhan", "Tomasz", "Grace",    "Ewan",
					   "Aisha",   "Rhys",   "Chloe",    "Daniel" };
static const char *const last_names[] = { "Smith",    "Okafor",   "Patel", "MacDonald",
					  "Kowalski", "Hughes",   "Ahmed", "Taylor",
					  "Evans",    "Robinson", "Singh", "Campbell" };

static const char *pick(const char *const *list, size_t len)
{
	return list[below((unsigned)len)];
}
#define PICK(list) pick(list, ARRAY_SIZE(list))

/** Made-up words of two to four syllables, weighted as words of a language are. */
static char words[6000][16];

static void make_words(void)
{
	static const char *const onsets[] = { "b",  "c",  "d",  "f",  "g",  "h",  "l", "m",
					      "n",  "p",  "r",  "s",  "t",  "v",  "w", "st",
					      "tr", "ch", "th", "sh", "pl", "gr", "" };
	static const char *const rests[] = { "a",  "e",  "i",  "o",   "u",   "an", "en", "in", "on",
					     "er", "or", "al", "est", "ing", "ea", "ou", "ate" };
	static const char *const common[] = {
		"the",     "of",       "and",    "to",       "a",          "in",      "is",
		"for",     "on",       "that",   "by",       "this",       "with",    "you",
		"it",      "not",      "or",     "be",       "are",        "from",    "at",
		"as",      "your",     "all",    "have",     "new",        "more",    "an",
		"was",     "we",       "will",   "can",      "file",       "if",      "system",
		"number",  "time",     "order",  "page",     "name",       "report",  "version",
		"date",    "official", "secret", "password", "restricted", "protect", "account",
		"patient",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		unsigned syllables = 1 + below(3) + (i > 1000);

		words[i][0] = '\0';
		while (syllables--)
			snprintf(words[i] + strlen(words[i]), sizeof(words[i]) - strlen(words[i]),
				 "%s%s", PICK(onsets), PICK(rests));
		if (i < ARRAY_SIZE(common))
			snprintf(words[i], sizeof(words[i]), "%s", common[i]);
	}
}

/** Half of all words are a few small ones; the rest is Zipf-like: the product of two
 * uniform numbers favours the front. */
static const char *word(void)
{
	uint64_t a = below(6000), b = below(6000);

	return below(100) < 45 ? words[below(28)] : words[a * b / 6000];
}

static char luhn_digit(const char *digits, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned d = (unsigned)(digits[len - 1 - i] - '0');

		if (i % 2 == 0)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

static void card_number(char ret[17])
{
	ret[0] = '4';
	for (size_t i = 1; i < 15; i++)
		ret[i] = (char)('0' + below(10));
	ret[15] = luhn_digit(ret, 15);
	ret[16] = '\0';
}

static void nhs_number(char ret[11])
{
	unsigned check;

	do {
		unsigned sum = 0;

		for (unsigned i = 0; i < 9; i++) {
			ret[i] = (char)('0' + below(10));
			sum += (unsigned)(ret[i] - '0') * (10 - i);
		}
		check = (11 - sum % 11) % 11;
	} while (check == 10);
	ret[9] = (char)('0' + check);
	ret[10] = '\0';
}

/* One planted value each. */

static void hit_nino(void)
{
	putf(" National Insurance number %c%c %02u %02u %02u %c.", "ABCEHJKLMPRSTWXY"[below(16)],
	     "ABCEHJKLMPRSTWXY"[below(16)], below(100), below(100), below(100), "ABCD"[below(4)]);
}

static void hit_nhs(void)
{
	char n[11];

	nhs_number(n);
	putf(" NHS No: %.3s %.3s %s", n, n + 3, n + 6);
}

static void hit_address(void)
{
	putf(" %u High Street, Leeds LS%u %uAB", below(200) + 1, below(28) + 1, below(9) + 1);
}

static void hit_phone(void)
{
	putf(" tel 07%03u %03u%03u", below(1000), below(1000), below(1000));
}

static void hit_email(void)
{
	putf(" %s.%s%u@example%u.co.uk", PICK(first_names), PICK(last_names), below(99), below(9));
}

static void hit_card(void)
{
	char n[17];

	card_number(n);
	putf(" card %.4s %.4s %.4s %s exp %02u/%02u", n, n + 4, n + 8, n + 12, below(12) + 1,
	     below(10) + 25);
}

static void hit_iban(void)
{
	putf(" IBAN GB%02u NWBK %04u %04u %04u %02u", below(96) + 2, below(10000), below(10000),
	     below(10000), below(100));
}

static void hit_birth(void)
{
	putf(" date of birth: %02u/%02u/19%02u", below(28) + 1, below(12) + 1, below(99));
}

static void hit_marking(void)
{
	static const char *const markings[] = {
		"OFFICIAL",   "OFFICIAL-SENSITIVE", "UK SECRET",
		"TOP SECRET", "RESTRICTED - STAFF", "OFFICIAL-SENSITIVE - PERSONAL",
		"TLP:AMBER"
	};

	putf("\n%s\n", PICK(markings));
}

static void hit_password(void)
{
	putf(" password: %c%c%u!%s%u", 'a' + below(26), 'A' + below(26), below(9999),
	     PICK(last_names), below(99));
}

static void hit_aws(void)
{
	putf(" AKIA");
	put_chars(UPPER "234567", 16);
}

static void hit_github(void)
{
	putf(" token ghp_");
	put_chars(LOWER UPPER DIGITS, 36);
}

static void hit_pnc(void)
{
	putf(" PNC ID %u/%07u%c", below(80) + 1940, below(9999999),
	     "ABCDEFGHJKLMNPQRTUVWXYZ"[below(23)]);
}

static void hit_prison(void)
{
	putf(" prisoner A%04uC%c", below(10000), 'A' + below(26));
}

static void hit_host(void)
{
	putf(" host 10.%u.%u.%u", below(256), below(256), below(256));
}

static void hit_driver(void)
{
	putf(" MORGA%u%02u%02u%u%cA%uXY", below(9), below(12) + 1, below(28) + 1, below(9),
	     "JK"[below(2)], below(9));
}

static void hit_sort_code(void)
{
	putf(" sort code %02u-%02u-%02u %08u", below(99), below(99), below(99), below(99999999));
}

static void hit_key(void)
{
	putf("\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA%08x\n"
	     "-----END RSA PRIVATE KEY-----\n",
	     (unsigned)next64());
}

static void put_hit(void)
{
	static void (*const hits[])(void) = {
		hit_nino, hit_nhs,    hit_address, hit_phone,    hit_email,     hit_card,
		hit_iban, hit_birth,  hit_marking, hit_password, hit_aws,       hit_github,
		hit_pnc,  hit_prison, hit_host,    hit_driver,   hit_sort_code, hit_key,
	};

	hits[below(ARRAY_SIZE(hits))]();
}

static void prose(size_t bytes)
{
	size_t end = out.len + bytes, line = 0;
	bool capital = true;

	while (out.len < end) {
		const char *w = word();
		size_t len = strlen(w);
		unsigned event = below(40000);

		put(w, len);
		if (capital)
			out.data[out.len - len] = to_upper(out.data[out.len - len]);
		capital = below(12) == 0;
		if (capital)
			putf(".");
		line += len + 1;
		putf("%s", line > 72 ? below(9) ? "\n" : "\n\n" : " ");
		if (line > 72)
			line = 0;
		if (event < 24)
			put_hit();
		else if (event < 60)
			putf("%u ", below(100000));
		else if (event < 80)
			putf("%02u/%02u/20%02u ", below(28) + 1, below(12) + 1, below(26));
		else if (event < 90)
			putf("\xC2\xA3%u.%02u ", below(10000), below(100));
		else if (event < 100)
			putf("%s %s ", PICK(first_names), PICK(last_names));
	}
}

static void log_line(unsigned second)
{
	unsigned h = second / 3600 % 24, m = second / 60 % 60, s = second % 60;

	switch (below(4)) {
	case 0:
		putf("Nov %2u %02u:%02u:%02u web%02u sshd[%u]: Accepted publickey for deploy from "
		     "10.%u.%u.%u port %u ssh2\n",
		     below(28) + 1, h, m, s, below(20), below(32768), below(256), below(256),
		     below(256), below(60000));
		return;
	case 1:
		putf("192.168.%u.%u - - [%02u/Nov/2025:%02u:%02u:%02u +0000] \"GET "
		     "/api/v2/items/%u?page=%u HTTP/1.1\" 200 %u \"-\" \"Mozilla/5.0 (X11; Linux "
		     "x86_64) AppleWebKit/537.36\"\n",
		     below(256), below(256), below(28) + 1, h, m, s, below(1000000), below(100),
		     below(90000));
		return;
	case 2:
		putf("{\"ts\":\"2025-11-%02uT%02u:%02u:%02u.%03uZ\",\"level\":\"info\",\"trace\":"
		     "\"%08x%08x\",\"msg\":\"request completed\",\"ms\":%u,\"user\":%u}\n",
		     below(28) + 1, h, m, s, below(1000), (unsigned)next64(), (unsigned)next64(),
		     below(2000), below(1000000));
		return;
	default:
		putf("2025-11-%02u %02u:%02u:%02u,%03u WARN  [worker-%u] com.example.batch.Job - "
		     "retry %u of 5 for batch %08u\n",
		     below(28) + 1, h, m, s, below(1000), below(32), below(3), below(99999999));
	}
}

static void logs(size_t bytes)
{
	size_t end = out.len + bytes;
	unsigned second = below(86400);

	while (out.len < end) {
		second += below(3);
		log_line(second);
		if (below(150) == 0) {
			put_hit();
			putf("\n");
		}
	}
}

static void text(size_t bytes)
{
	size_t end = out.len + bytes;

	while (out.len < end) {
		if (below(4))
			prose(64 * KiB);
		else
			logs(64 * KiB);
	}
}

static void csv(size_t bytes)
{
	size_t end = out.len + bytes;

	while (out.len < end)
		putf("%u,%010" PRIu64 ",%016" PRIu64 ",%04u-%02u-%02u,%u.%02u,%03u-%03u-%04u,"
		     "%02u-%02u-%02u,%08u,%.9f,%u,%u.%u.%u,%05u %06u\n",
		     below(99999999), next64() % UINT64_C(10000000000),
		     next64() % UINT64_C(10000000000000000), 1950 + below(75), below(12) + 1,
		     below(28) + 1, below(100000), below(100), below(1000), below(1000),
		     below(10000), below(100), below(100), below(100), below(99999999),
		     below(1000000000) / 1e9, below(1000), below(100), below(100), below(100),
		     below(99999), below(999999));
}

static void source(size_t bytes)
{
	size_t end = out.len + bytes;

	while (out.len < end) {
		const char *a = word(), *b = word(), *c = word();

		switch (below(7)) {
		case 0:
			putf("static int %s_%s(const char *%s, size_t len)\n{\n", a, b, c);
			break;
		case 1:
			putf("\tif (%s->%s[%u] == 0x%x)\n\t\treturn -%s;\n", a, b, below(64),
			     below(65536), "EINVAL");
			break;
		case 2:
			putf("\t%s.%s = %s(%u, \"%s\"); /* %s %s */\n", a, b, c, below(4096), a, b,
			     c);
			break;
		case 3:
			putf("function %s(%s,%s){var e=%s.%s||{};return e[%u]}", a, b, c, b, a,
			     below(100));
			break;
		case 4:
			putf("def %s(self, %s=None):\n    return self.%s[%u:%u]\n", a, b, c,
			     below(10), below(100));
			break;
		case 5:
			putf("}\n\n");
			break;
		default:
			putf("#define %c%s_%u 0x%08xu\n", 'A' + below(26), a, below(100),
			     (unsigned)next64());
		}
		if (below(3000) == 0)
			put_hit();
	}
}

static void binary(size_t bytes)
{
	for (size_t end = out.len + bytes; out.len < end;) {
		uint64_t v = next64();

		put((const char *)&v, sizeof(v));
	}
}

static const struct {
	const char *kind;
	void (*write)(size_t bytes);
} kinds[] = {
	{ "text", text }, { "prose", prose },   { "log", logs },
	{ "csv", csv },   { "source", source }, { "binary", binary },
};

static int write_stream(void (*write)(size_t), uint64_t bytes)
{
	while (bytes > 0) {
		size_t n;

		out.len = 0;
		write(1 * MiB);
		n = (size_t)MIN(bytes, out.len);
		if (fwrite(out.data, 1, n, stdout) != n)
			return EXIT_FAILURE;
		bytes -= n;
	}
	return EXIT_SUCCESS;
}

static int write_small(const char *dir, uint64_t files)
{
	char path[4096];

	for (uint64_t i = 0; i < files; i++) {
		size_t bytes = 2 * KiB + below(6 * KiB);
		FILE *f;

		if (i % 200 == 0) {
			snprintf(path, sizeof(path), "%s/d%04" PRIu64, dir, i / 20000);
			mkdir(path, 0755);
			snprintf(path, sizeof(path), "%s/d%04" PRIu64 "/s%05" PRIu64, dir,
				 i / 20000, i / 200);
			mkdir(path, 0755);
		}
		out.len = 0;
		/* The shares of kinds are those that the budgets were set with. */
		switch (below(12)) {
		case 0:
		case 1:
		case 2:
			logs(bytes);
			break;
		case 3:
			csv(bytes);
			break;
		default:
			prose(bytes);
		}
		snprintf(path, sizeof(path), "%s/d%04" PRIu64 "/s%05" PRIu64 "/f%07" PRIu64 ".txt",
			 dir, i / 20000, i / 200, i);
		f = fopen(path, "wb");
		if (!f || fwrite(out.data, 1, out.len, f) != out.len || fclose(f) != 0) {
			fprintf(stderr, "corpus: %s: %s\n", path, strerror(errno));
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		goto usage;
	state = strtoull(argv[2], NULL, 0) * UINT64_C(0x9E3779B97F4A7C15) + 1;
	make_words();
	if (strcmp(argv[1], "small") == 0 && argc == 5)
		return write_small(argv[4], strtoull(argv[3], NULL, 0));
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(argv[1], kinds[i].kind) == 0)
			return write_stream(kinds[i].write, strtoull(argv[3], NULL, 0));
usage:
	fprintf(stderr, "usage: corpus text|prose|log|csv|source|binary SEED BYTES > FILE\n"
			"       corpus small SEED FILES DIR\n");
	return 2;
}
