/*
 * A PIN pad for the virtual reader (PC/SC part 10): what is pressed on it comes from files in the folder PAD.
 *
 * features  what the driver answers when it is asked for its features, as it is
 * asked     the PIN_VERIFY_STRUCTURE that it was given; exists while the pad waits
 * pressed   what the person does: digits and the key that confirms, "cancel", "nothing" (until the time is over), or
 *           "answer " and the bytes to answer with, without asking the card
 */
#include <ifdhandler.h>
#include <reader.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define VERIFY_PIN_DIRECT SCARD_CTL_CODE(0x330006)

static RESPONSECODE answer(const void *bytes, DWORD count, PUCHAR in, DWORD in_length, LPDWORD returned)
{
	if (count > in_length)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	memcpy(in, bytes, count);
	*returned = count;
	return IFD_SUCCESS;
}

static long read_file(const char *path, void *content, size_t room)
{
	FILE *file = fopen(path, "rb");
	long count = -1;

	if (file) {
		count = fread(content, 1, room, file);
		fclose(file);
	}
	return count;
}

static void write_file(const char *path, const void *content, size_t count)
{
	FILE *file = fopen(PAD "/new", "wb");

	if (file) {
		fwrite(content, 1, count, file);
		fclose(file);
		rename(PAD "/new", path);
	}
}

static RESPONSECODE verify(DWORD lun, PUCHAR out, DWORD out_length, PUCHAR in, DWORD in_length, LPDWORD returned)
{
	PIN_VERIFY_STRUCTURE asked;
	UCHAR command[64], status[258], pressed[600];
	SCARD_IO_HEADER send = { 1, sizeof send }, receive;
	DWORD status_length = sizeof status;
	const struct timespec tick = { 0, 5 * 1000 * 1000 };
	unsigned least, most, block;
	long count, left;

	if (out_length < sizeof asked)
		return answer("\x6b\x80", 2, in, in_length, returned);
	memcpy(&asked, out, sizeof asked);
	least = asked.wPINMaxExtraDigit >> 8;
	most = asked.wPINMaxExtraDigit & 0xff;
	block = asked.bmPINBlockString & 0x0f;
	/* All that this pad can do: digits in ASCII, without their number, in a block that they fill, and nothing behind it. */
	if (asked.ulDataLength != out_length - sizeof asked || asked.ulDataLength > sizeof command
	    || asked.ulDataLength != 5 + block || out[sizeof asked + 4] != block || asked.bmFormatString != 0x82
	    || asked.bmPINBlockString >> 4 || asked.bmPINLengthFormat || least > most || least != block || most != block
	    || !asked.bEntryValidationCondition || asked.bEntryValidationCondition > 7 || !asked.bTimerOut)
		return answer("\x6b\x80", 2, in, in_length, returned);
	memcpy(command, out + sizeof asked, asked.ulDataLength);

	unlink(PAD "/pressed");
	write_file(PAD "/asked", out, out_length);
	for (left = asked.bTimerOut * 200L; left; left--) {
		/* A card that is pulled out ends it. */
		if (left % 20 == 0 && IFDHICCPresence(lun) != IFD_ICC_PRESENT) {
			unlink(PAD "/asked");
			return IFD_COMMUNICATION_ERROR;
		}
		count = read_file(PAD "/pressed", pressed, sizeof pressed);
		if (count >= 0)
			break;
		nanosleep(&tick, NULL);
	}
	unlink(PAD "/asked");
	if (!left || (count == 7 && !memcmp(pressed, "nothing", 7)))
		return answer("\x64\x00", 2, in, in_length, returned);
	if (count == 6 && !memcmp(pressed, "cancel", 6))
		return answer("\x64\x01", 2, in, in_length, returned);
	if (count >= 7 && !memcmp(pressed, "answer ", 7))
		return answer(pressed + 7, count - 7, in, in_length, returned);
	if (count < (long)least || count > (long)most)
		return answer("\x64\x03", 2, in, in_length, returned);
	memcpy(command + 5, pressed, count);
	if (IFDHTransmitToICC(lun, send, command, asked.ulDataLength, status, &status_length, &receive) != IFD_SUCCESS)
		return IFD_COMMUNICATION_ERROR;
	return answer(status, status_length, in, in_length, returned);
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR out, DWORD out_length, PUCHAR in, DWORD in_length,
	LPDWORD returned)
{
	UCHAR features[4096];
	long count;

	*returned = 0;
	if (code == CM_IOCTL_GET_FEATURE_REQUEST) {
		count = read_file(PAD "/features", features, sizeof features);
		return count < 0 ? IFD_NOT_SUPPORTED : answer(features, count, in, in_length, returned);
	}
	if (code == VERIFY_PIN_DIRECT)
		return verify(lun, out, out_length, in, in_length, returned);
	return IFD_NOT_SUPPORTED;
}
