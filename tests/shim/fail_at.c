/* Library for LD_PRELOAD: the n-th call that opens or changes a file fails, or the program is killed before or after it. Only
 * calls about files under one folder are counted. fsync does nothing, since the tests cut no power.
 *
 * FAIL_UNDER      absolute path of the folder; it is the working folder or below it, and relative paths count as under it
 * FAIL_AT         number of the call, from 1; 0: none
 * FAIL_HOW        error, kill-before or kill-after
 * FAIL_KILLED_AT  number of a second call, before which the program is killed; 0: none
 * FAIL_MARK       path of a file that is created when the call is reached, with the name of the call
 *
 * FAIL_THREADS    maximum number of threads, another fault
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int calls = 0;

static int is_under(const char *path) {
  const char *folder = getenv("FAIL_UNDER");
  return folder != NULL && path != NULL && (path[0] != '/' || strncmp(path, folder, strlen(folder)) == 0);
}

static int is_file_under(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0 || path[0] != '/') return 0;
  path[length] = 0;
  return is_under(path);
}

static void end(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static int is_the_one(const char *name) {
  const char *at = getenv("FAIL_AT"), *killed_at = getenv("FAIL_KILLED_AT"), *mark = getenv("FAIL_MARK");
  int call = __sync_add_and_fetch(&calls, 1);
  if (killed_at != NULL && call == atoi(killed_at)) end();
  if (at == NULL || mark == NULL || call != atoi(at)) return 0;
  int file = syscall(SYS_openat, AT_FDCWD, mark, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  syscall(SYS_write, file, name, strlen(name));
  syscall(SYS_close, file);
  return 1;
}

static int is_how(const char *how) {
  const char *wanted = getenv("FAIL_HOW");
  return wanted != NULL && strcmp(wanted, how) == 0;
}

/* Calls the real function of this name, unless this call fails. */
#define CALL(counted, type, name, error, arguments, types)                 \
  type (*real) types = (type (*) types)dlsym(RTLD_NEXT, #name);            \
  if (!(counted) || !is_the_one(#name)) return real arguments;             \
  if (is_how("kill-before")) end();                                        \
  if (is_how("error")) {                                                   \
    errno = error;                                                         \
    return -1;                                                             \
  }                                                                        \
  real arguments;                                                          \
  end();                                                                   \
  return -1;

#define OPEN(name)                                                         \
  int name(const char *path, int flags, ...) {                             \
    va_list more;                                                          \
    va_start(more, flags);                                                 \
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;              \
    va_end(more);                                                          \
    CALL(is_under(path), int, name, EIO, (path, flags, mode), (const char *, int, ...)) \
  }

OPEN(open)
OPEN(open64)

ssize_t write(int file, const void *bytes, size_t length) {
  CALL(is_file_under(file), ssize_t, write, ENOSPC, (file, bytes, length), (int, const void *, size_t))
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
  CALL(is_file_under(file), ssize_t, writev, ENOSPC, (file, pieces, count), (int, const struct iovec *, int))
}

static int no_sync(int file) { return fcntl(file, F_GETFD) < 0 ? -1 : 0; }

int fsync(int file) {
  if (!is_file_under(file) || !is_the_one("fsync")) return no_sync(file);
  if (!is_how("error")) end();
  errno = EIO;
  return -1;
}

int fdatasync(int file) { return fsync(file); }

int rename(const char *from, const char *to) {
  CALL(is_under(to), int, rename, EIO, (from, to), (const char *, const char *))
}

int link(const char *from, const char *to) {
  CALL(is_under(to), int, link, EIO, (from, to), (const char *, const char *))
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  CALL(is_under(to), int, linkat, EIO, (from_folder, from, to_folder, to, flags),
       (int, const char *, int, const char *, int))
}

int unlink(const char *path) {
  CALL(is_under(path), int, unlink, EIO, (path), (const char *))
}

int unlinkat(int folder, const char *path, int flags) {
  CALL(is_under(path), int, unlinkat, EIO, (folder, path, flags), (int, const char *, int))
}

int mkdir(const char *path, mode_t mode) {
  CALL(is_under(path), int, mkdir, EIO, (path, mode), (const char *, mode_t))
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  static int threads = 0;
  int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
      (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(RTLD_NEXT, "pthread_create");
  const char *most = getenv("FAIL_THREADS");
  if (most != NULL && __sync_add_and_fetch(&threads, 1) > atoi(most)) return EAGAIN;
  return real(thread, attributes, start, argument);
}
