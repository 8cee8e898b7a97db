#include <trainstat.h>

int32_t ts_abi_version(void) { return TRAINSTAT_ABI_VERSION; }

const char* ts_version(void) { return TRAINSTAT_VERSION; }
