/* binary.c - binaries whose magic is more than a string at a place */
#include "kinds.h"

#include "le.h"

#define TAR_BLOCK 512
#define TAR_SUM_AT 148
#define TAR_SUM_LEN 8

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool has(const uint8_t *head, size_t len, size_t off, const char *bytes, size_t bytes_len)
{
	return off <= len && bytes_len <= len - off && !memcmp(head + off, bytes, bytes_len);
}

#define HAS(off, bytes) has(head, len, off, bytes, sizeof(bytes) - 1)

/* A header block of old tar has no magic, but a sum that no chance makes. */
static bool is_old_tar(const uint8_t *head, size_t len)
{
	uint32_t told = 0, sum = 0;
	size_t digits = 0;

	if (len < TAR_BLOCK || !head[0])
		return false;
	for (size_t i = TAR_SUM_AT; i < TAR_SUM_AT + TAR_SUM_LEN; i++) {
		if (head[i] >= '0' && head[i] <= '7') {
			told = told << 3 | (head[i] & 7u);
			digits++;
		} else if (head[i] != ' ' && head[i]) {
			return false;
		}
	}
	for (size_t i = 0; digits && i < TAR_BLOCK; i++)
		sum += i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_LEN ? ' ' : head[i];
	return digits && sum == told;
}

/* `-lh5-` in a text has no header's level behind it. */
static bool is_lha(const uint8_t *head, size_t len)
{
	return HAS(2, "-l") && len > 21 && (head[4] == 'h' || head[4] == 'z') && head[6] == '-' &&
	       head[20] <= 3;
}

#define CPIO_HEAD 26
#define CPIO_NAME_MAX 4096

/* Numbers of 16 bits, their bytes in either order: a file's type, a name that ends with NUL. */
static bool is_old_cpio(const uint8_t *head, size_t len)
{
	bool big = HAS(0, "\x71\xC7");
	size_t high = big ? 0 : 1, low = big ? 1 : 0, name_len;

	if (len <= CPIO_HEAD || (!big && !HAS(0, "\xC7\x71")))
		return false;
	name_len = (size_t)head[20 + high] << 8 | head[20 + low];
	return head[6 + high] >> 4 && name_len && name_len <= CPIO_NAME_MAX &&
	       name_len <= len - CPIO_HEAD && !head[CPIO_HEAD + name_len - 1] &&
	       !memchr(head + CPIO_HEAD, 0, name_len - 1);
}

static const struct {
	bool (*is)(const uint8_t *head, size_t len);
	const char *mime;
} stored[] = {
	{ is_old_tar, "application/x-tar" },
	{ is_lha, "application/x-lha" },
	{ is_old_cpio, "application/x-cpio" },
};

const char *stored_kind(const uint8_t *head, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(stored); i++)
		if (stored[i].is(head, len))
			return stored[i].mime;
	return NULL;
}

static bool is_bzip2(const uint8_t *head, size_t len)
{
	return HAS(0, "BZh") && len >= 10 && head[3] >= '1' && head[3] <= '9' &&
	       (HAS(4, "1AY&SY") || HAS(4, "\x17\x72\x45\x38\x50\x90"));
}

/* Properties, a dictionary of 2^n or 2^n + 2^(n-1), a size not known or sensible. */
static bool is_lzma(const uint8_t *head, size_t len)
{
	uint32_t dict;

	if (len < 14 || head[0] != 0x5D || head[13])
		return false;
	dict = le32(head + 1);
	if (dict < 4096 || (dict & (dict - 1) && dict & (dict - dict / 3)))
		return false;
	return HAS(5, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF") || (!le32(head + 9) && le32(head + 5)) ||
	       (!head[12] && !head[11] && !head[10]);
}

static bool is_zstd_skippable(const uint8_t *head, size_t len)
{
	uint32_t skip;

	if (len < 12 || (head[0] & 0xF0) != 0x50 || !HAS(1, "\x2A\x4D\x18"))
		return false;
	skip = le32(head + 4);
	return skip < len - 12 && has(head, len, 8 + skip, "\x28\xB5\x2F\xFD", 4);
}

static bool is_bmp(const uint8_t *head, size_t len)
{
	return HAS(0, "BM") && len >= 26 && !le32(head + 6) && le32(head + 14) >= 12 &&
	       le32(head + 14) <= 124;
}

static bool is_icon(const uint8_t *head, size_t len)
{
	return (HAS(0, "\0\0\1\0") || HAS(0, "\0\0\2\0")) && len >= 22 && head[4] && !head[5] &&
	       !head[9];
}

static bool is_truetype(const uint8_t *head, size_t len)
{
	return (HAS(0, "\0\1\0\0") || HAS(0, "true")) && len >= 12 && !head[4] && head[5] &&
	       head[5] < 64;
}

static bool is_pe(const uint8_t *head, size_t len)
{
	uint32_t at = len >= 64 && HAS(0, "MZ") ? le32(head + 60) : 0;

	return at && has(head, len, at, "PE\0\0", 4);
}

static bool is_class(const uint8_t *head, size_t len)
{
	return HAS(0, "\xCA\xFE\xBA\xBE") && len >= 8 && be32(head + 4) >= 40;
}

static bool is_fat_mach(const uint8_t *head, size_t len)
{
	return HAS(0, "\xCA\xFE\xBA\xBE") && len >= 8 && be32(head + 4) && be32(head + 4) < 40;
}

static bool is_python_code(const uint8_t *head, size_t len)
{
	return len >= 16 && head[2] == '\r' && head[3] == '\n' && head[1] >= 0x0B &&
	       head[1] <= 0x0F;
}

static bool is_mpeg_audio(const uint8_t *head, size_t len)
{
	return len >= 4 && head[0] == 0xFF && (head[1] & 0xFE) == 0xFA && (head[2] >> 4) != 15 &&
	       (head[2] >> 4) && (head[2] & 0x0C) != 0x0C;
}

static bool is_heif(const uint8_t *head, size_t len)
{
	static const char brands[][5] = { "heic", "heix", "hevc", "mif1", "msf1", "avif" };

	for (size_t i = 0; HAS(4, "ftyp") && i < ARRAY_SIZE(brands); i++)
		if (has(head, len, 8, brands[i], 4))
			return true;
	return false;
}

static bool is_mp4(const uint8_t *head, size_t len)
{
	return HAS(4, "ftyp") || HAS(4, "moov") || HAS(4, "mdat\0");
}

static bool is_webp(const uint8_t *head, size_t len)
{
	return HAS(0, "RIFF") && HAS(8, "WEBP");
}

static bool is_wave(const uint8_t *head, size_t len)
{
	return HAS(0, "RIFF") && HAS(8, "WAVE");
}

static bool is_avi(const uint8_t *head, size_t len)
{
	return HAS(0, "RIFF") && HAS(8, "AVI ");
}

static bool is_aiff(const uint8_t *head, size_t len)
{
	return HAS(0, "FORM") && HAS(8, "AIF");
}

/* A sequence of which the first is signed or enveloped data: S/MIME's .p7m and .p7s. */
static bool is_cms(const uint8_t *head, size_t len)
{
	static const char kind[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07";
	size_t at = len > 1 && (head[1] & 0x80) ? 2 + (size_t)(head[1] & 0x7F) : 2;

	return len && head[0] == 0x30 && at <= 6 && at + sizeof(kind) <= len &&
	       !memcmp(head + at, kind, sizeof(kind) - 1) &&
	       (head[at + sizeof(kind) - 1] == 2 || head[at + sizeof(kind) - 1] == 3);
}

/* Readers of PDF accept it within the first KiB. */
static bool is_late_pdf(const uint8_t *head, size_t len)
{
	return memmem(head, MIN(len, 1024), "%PDF-", 5);
}

static const struct {
	bool (*is)(const uint8_t *head, size_t len);
	const char *mime;
	bool never_text;
} looks[] = {
	{ is_bzip2, "application/x-bzip2", false },
	{ is_zstd_skippable, "application/zstd", false },
	{ is_lzma, "application/x-lzma", false },
	{ is_pe, "application/vnd.microsoft.portable-executable", false },
	{ is_class, "application/java-vm", false },
	{ is_fat_mach, "application/x-mach-binary", false },
	{ is_bmp, "image/bmp", false },
	{ is_icon, "image/vnd.microsoft.icon", false },
	{ is_webp, "image/webp", false },
	{ is_heif, "image/heif", false },
	{ is_mp4, "video/mp4", true },
	{ is_wave, "audio/wav", true },
	{ is_avi, "video/x-msvideo", true },
	{ is_aiff, "audio/aiff", true },
	{ is_truetype, "font/ttf", true },
	{ is_python_code, "application/x-python-code", true },
	{ is_mpeg_audio, "audio/mpeg", true },
	{ is_cms, "application/pkcs7-mime", false },
	{ is_late_pdf, "application/pdf", false },
};

const char *binary_kind(const uint8_t *head, size_t len, bool *ret_never_text)
{
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++)
		if (looks[i].is(head, len)) {
			*ret_never_text = looks[i].never_text;
			return looks[i].mime;
		}
	return NULL;
}

/* ---- what is a zip ---- */

#define LOCAL_BYTES 30

#define OOXML "application/vnd.openxmlformats-officedocument."
#define ODF "application/vnd.oasis.opendocument."

/* What a member's name begins with, and what the archive is then. */
static const struct {
	const char *prefix, *mime;
} zip_names[] = {
	{ "word/", OOXML "wordprocessingml.document" },
	{ "xl/", OOXML "spreadsheetml.sheet" },
	{ "ppt/", OOXML "presentationml.presentation" },
	{ "META-INF/MANIFEST.MF", "application/java-archive" },
};

/* What the stored member `mimetype` may say: the longer first. */
static const struct {
	const char *prefix, *mime;
} mimetypes[] = {
	{ ODF "text", ODF "text" },
	{ ODF "spreadsheet", ODF "spreadsheet" },
	{ ODF "presentation", ODF "presentation" },
	{ "application/epub+zip", "application/epub+zip" },
};

static bool starts(const uint8_t *data, size_t len, const char *prefix)
{
	return len >= strlen(prefix) && !memcmp(data, prefix, strlen(prefix));
}

static const char *by_mimetype(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(mimetypes); i++)
		if (starts(data, len, mimetypes[i].prefix))
			return mimetypes[i].mime;
	return NULL;
}

static const char *by_name(const uint8_t *name, size_t len, bool office)
{
	for (size_t i = 0; i < ARRAY_SIZE(zip_names); i++)
		if (starts(name, len, zip_names[i].prefix) &&
		    (office || zip_names[i].prefix[0] == 'M'))
			return zip_names[i].mime;
	return NULL;
}

const char *zip_kind(const uint8_t *head, size_t len)
{
	const uint8_t *at = head, *end = head + len;
	bool office = false;

	/* Sizes may follow the data: local headers are looked for, not computed. */
	while (at && (size_t)(end - at) > LOCAL_BYTES) {
		const uint8_t *name = at + LOCAL_BYTES;
		size_t name_len = MIN(le16(at + 26), (size_t)(end - name));
		size_t extra_len = le16(at + 28);
		const char *mime;

		office |= starts(name, name_len, "[Content_Types].xml") ||
			  starts(name, name_len, "_rels/.rels") ||
			  starts(name, name_len, "docProps/");
		mime = by_name(name, name_len, office);
		if (!mime && at == head && name_len == 8 && starts(name, 8, "mimetype") &&
		    extra_len < (size_t)(end - name) - name_len)
			mime = by_mimetype(name + name_len + extra_len,
					   (size_t)(end - name) - name_len - extra_len);
		if (mime)
			return mime;
		at = memmem(at + 4, (size_t)(end - at) - 4, "PK\3\4", 4);
	}
	return "application/zip";
}
