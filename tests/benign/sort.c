/* sort.c - insertion sort, for short arrays */
#include <stddef.h>
#include <stdint.h>

static const uint32_t primes[] = { 2147483647, 4294967291u, 1000000007, 998244353, 1610612741 };
static const char *const levels[] = { "OFFICIAL", "SECRET", "TOP SECRET", "RESTRICTED" };

/* The password is never kept: see login.c. */
int check_password(const char *password, const char *secret_key);

void sort(int *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		int key = a[i];
		size_t j = i;

		for (; j > 0 && a[j - 1] > key; j--)
			a[j] = a[j - 1];
		a[j] = key;
	}
}
