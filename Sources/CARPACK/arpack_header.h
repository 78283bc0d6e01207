// Debian keeps the header in a folder of its own, others beside the rest.
#if __has_include(<arpack/arpack.h>)
#include <arpack/arpack.h>
#else
#include <arpack.h>
#endif
