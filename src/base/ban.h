/*
 * ban: functions that do not compile in this project. The build includes this file before every source file.
 *
 * Each has a bounded replacement in base/: buf_printf() for formatting, str for views, parse for numbers.
 */
#ifndef BASE_BAN_H
#define BASE_BAN_H
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol atoll gets
#endif
