/*
 * A cable for the virtual reader: a driver that passes everything on to vpcd's (the library VPCD), except that no card
 * answers while the file UNPLUGGED exists.
 */
#include <dlfcn.h>
#include <ifdhandler.h>
#include <unistd.h>

static int unplugged(void)
{
	return access(UNPLUGGED, F_OK) == 0;
}

static void *vpcd(const char *function)
{
	static void *library;

	if (!library)
		library = dlopen(VPCD, RTLD_NOW | RTLD_LOCAL);
	return library ? dlsym(library, function) : 0;
}

#define PASS_ON(function, parameters, arguments) \
	RESPONSECODE function parameters \
	{ \
		RESPONSECODE (*pass_on) parameters = vpcd(#function); \
		return pass_on ? pass_on arguments : IFD_COMMUNICATION_ERROR; \
	}

PASS_ON(IFDHCreateChannelByName, (DWORD lun, LPSTR device), (lun, device))
PASS_ON(IFDHCreateChannel, (DWORD lun, DWORD channel), (lun, channel))
PASS_ON(IFDHCloseChannel, (DWORD lun), (lun))
PASS_ON(IFDHGetCapabilities, (DWORD lun, DWORD tag, PDWORD length, PUCHAR value), (lun, tag, length, value))
PASS_ON(IFDHSetCapabilities, (DWORD lun, DWORD tag, DWORD length, PUCHAR value), (lun, tag, length, value))
PASS_ON(IFDHSetProtocolParameters, (DWORD lun, DWORD protocol, UCHAR flags, UCHAR pts1, UCHAR pts2, UCHAR pts3),
	(lun, protocol, flags, pts1, pts2, pts3))
#ifndef PAD
PASS_ON(IFDHControl, (DWORD lun, DWORD code, PUCHAR out, DWORD out_length, PUCHAR in, DWORD in_length, LPDWORD returned),
	(lun, code, out, out_length, in, in_length, returned))
#endif

RESPONSECODE IFDHICCPresence(DWORD lun)
{
	RESPONSECODE (*pass_on)(DWORD) = vpcd("IFDHICCPresence");

	return pass_on && !unplugged() ? pass_on(lun) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD atr_length)
{
	RESPONSECODE (*pass_on)(DWORD, DWORD, PUCHAR, PDWORD) = vpcd("IFDHPowerICC");

	return pass_on && !unplugged() ? pass_on(lun, action, atr, atr_length) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER send, PUCHAR command, DWORD command_length,
	PUCHAR answer, PDWORD answer_length, PSCARD_IO_HEADER receive)
{
	RESPONSECODE (*pass_on)(DWORD, SCARD_IO_HEADER, PUCHAR, DWORD, PUCHAR, PDWORD, PSCARD_IO_HEADER) =
		vpcd("IFDHTransmitToICC");
	RESPONSECODE outcome = IFD_COMMUNICATION_ERROR;

	if (pass_on && !unplugged())
		outcome = pass_on(lun, send, command, command_length, answer, answer_length, receive);
	/* Pulled out while the card worked: the answer gets lost. */
	if (unplugged()) {
		*answer_length = 0;
		outcome = IFD_COMMUNICATION_ERROR;
	}
	return outcome;
}
