/*
 * A pinentry without a will of its own: what comes in goes to the socket SOCKET, and what comes from there goes out. It lives until
 * either side ends, or it is killed.
 */
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int pass_on(int from, int to)
{
	char buffer[4096];
	ssize_t length = read(from, buffer, sizeof buffer);

	return length > 0 && write(to, buffer, length) == length;
}

int main(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int test = socket(AF_UNIX, SOCK_STREAM, 0);
	struct pollfd ends[] = { { .fd = 0, .events = POLLIN }, { .fd = test, .events = POLLIN } };

	strncpy(address.sun_path, SOCKET, sizeof address.sun_path - 1);
	if (connect(test, (struct sockaddr *)&address, sizeof address))
		return 1;
	while (poll(ends, 2, -1) > 0) {
		if (ends[0].revents && !pass_on(0, test))
			return 0;
		if (ends[1].revents && !pass_on(test, 1))
			return 0;
	}
	return 1;
}
