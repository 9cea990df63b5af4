"""The names of the shared libraries in Lambda's environments. Written by ``tools/sonames.py``, which says from what.

``lambdalint.aws.libraries`` knows what the tables mean, and loads them when a package has native code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: The day of which the tables speak.
AS_OF: Final = "2026-08-21"

#: Names in the directories that the loader looks in, by operating system, for both CPUs or one.
PRESENT: Final[Mapping[str, Mapping[str, str]]] = {
    "AL1": {"both": """
ld-linux-x86-64.so.2 libBrokenLocale.so.1 libGL.so.1 libGLX.so.0 libGLX_indirect.so.0 libGLX_mesa.so.0 libGLdispatch.so.0
libICE.so.6 libMagickCore-6.Q16.so libMagickCore-6.Q16.so.6 libMagickWand-6.Q16.so libMagickWand-6.Q16.so.6 libSM.so.6
libSegFault.so libX11-xcb.so.1 libX11.so.6 libXau.so.6 libXcomposite.so.1 libXdamage.so.1 libXext.so.6 libXfixes.so.3
libXfont.so.1 libXi.so.6 libXrender.so.1 libXt.so.6 libXtst.so.6 libXxf86vm.so.1 libacl.so.1 libanl.so.1 libasound.so.2
libassuan.so.0 libattr.so.1 libaudit.so.1 libauparse.so.0 libavahi-client.so.3 libavahi-common.so.3
libbfd-2.27-44.base.81.amzn1.so libblkid.so.1 libbz2.so.1 libc.so.6 libcairo-script-interpreter.so.2 libcairo.so.2 libcap-ng.so.0
libcap.so.2 libcap54.so.2 libcidn.so.1 libcom_err.so.2 libcrack.so.2 libcrypt.so.1 libcrypto.so.1.0.2k libcrypto.so.10
libcups.so.2 libcupscgi.so.1 libcupsdriver.so.1 libcupsimage.so.2 libcupsmime.so.1 libcupsppdc.so.1 libcurl.so.4 libdb-4.7.so
libdbus-1.so.3 libdl.so.2 libdrm.so.2 libdrm_amdgpu.so.1 libdrm_intel.so.1 libdrm_nouveau.so.2 libdrm_radeon.so.1 libelf-0.168.so
libelf.so.1 libexpat.so.1 libexslt.so.0 libffi.so.6 libfontconfig.so.1 libfontenc.so.1 libform.so.5 libformw.so.5 libfreebl3.so
libfreeblpriv3.so libfreetype.so.6 libgcc_s.so.1 libgcrypt.so.11 libgdbm.so.2 libgif.so.4 libgio-2.0.so.0 libglapi.so.0
libglib-2.0.so.0 libgmodule-2.0.so.0 libgmp.so.10 libgmp.so.3 libgmpxx.so.4 libgnutls-extra.so.26 libgnutls.so.26
libgnutlsxx.so.26 libgobject-2.0.so.0 libgomp.so.1 libgpg-error.so.0 libgpgme-pthread.so.11 libgpgme.so.11 libgssapi_krb5.so.2
libgssrpc.so.4 libgthread-2.0.so.0 libhistory.so.6 libicudata.so.50 libicui18n.so.50 libicuio.so.50 libicule.so.50 libiculx.so.50
libicutest.so.50 libicutu.so.50 libicuuc.so.50 libidn2.so.0 libjasper.so.1 libjbig.so.2.0 libjbig85.so.2.0 libjpeg.so.62
libk5crypto.so.3 libkdb5.so.8 libkeyutils.so.1 libkmod.so.2 libkms.so.1 libkrad.so.0 libkrb5.so.3 libkrb5support.so.0
liblber-2.4.so.2 liblcms2.so.2 libldap-2.4.so.2 libldap_r-2.4.so.2 libldif-2.4.so.2 libltdl.so.7 liblua-5.1.so liblzma.so.5
libm.so.6 libmagic.so.1 libmemusage.so libmenu.so.5 libmenuw.so.5 libmount.so.1 libmp.so.3 libncurses.so.5 libncursesw.so.5
libnghttp2.so.14 libnsl.so.1 libnspr4.so libnss3.so libnss_compat.so.2 libnss_db.so.2 libnss_dns.so.2 libnss_files.so.2
libnss_hesiod.so.2 libnss_nis.so.2 libnss_nisplus.so.2 libnssckbi.so libnssdbm3.so libnsspem.so libnsssysinit.so libnssutil3.so
libopcodes-2.27-44.base.81.amzn1.so libp11-kit.so.0 libpam.so.0 libpam_misc.so.0 libpamc.so.0 libpanel.so.5 libpanelw.so.5
libpciaccess.so.0 libpcprofile.so libpcre.so.0 libpcrecpp.so.0 libpcreposix.so.0 libpixman-1.so.0 libplc4.so libplds4.so
libpng.so.3 libpng12.so.0 libpopt.so.0 libproc-3.2.8.so libpsl.so.0 libpsx54.so.2 libpth.so.20 libpthread.so.0 libpwquality.so.1
libpython2.7.so.1.0 libpython3.6m.so.1.0 libreadline.so.6 libresolv.so.2 librpm.so.3 librpmbuild.so.3 librpmio.so.3
librpmsign.so.1 librt.so.1 libsasl2.so.2 libsctp.so.1 libselinux.so.1 libsepol.so.1 libsmartcols.so.1 libsmime3.so libsoftokn3.so
libsqlite3.so.0 libssh2.so.1 libssl.so.1.0.2k libssl.so.10 libssl3.so libstdc++.so.6 libtasn1.so.3 libthread_db.so.1 libtic.so.5
libtiff.so.5 libtiffxx.so.5 libtinfo.so.5 libudev.so.0 libungif.so.4 libunistring.so.0 libuser.so.1 libutempter.so.0
libutempter.so.1.1.5 libutil.so.1 libuuid.so.1 libverto.so.1 libwmflite-0.2.so.7 libxcb-composite.so.0 libxcb-damage.so.0
libxcb-dpms.so.0 libxcb-dri2.so.0 libxcb-dri3.so.0 libxcb-glx.so.0 libxcb-present.so.0 libxcb-randr.so.0 libxcb-record.so.0
libxcb-render.so.0 libxcb-res.so.0 libxcb-screensaver.so.0 libxcb-shape.so.0 libxcb-shm.so.0 libxcb-sync.so.1 libxcb-xevie.so.0
libxcb-xf86dri.so.0 libxcb-xfixes.so.0 libxcb-xinerama.so.0 libxcb-xkb.so.1 libxcb-xselinux.so.0 libxcb-xtest.so.0 libxcb-xv.so.0
libxcb-xvmc.so.0 libxcb.so.1 libxml2.so.2 libxshmfence.so.1 libxslt.so.1 libz.so.1 p11-kit-proxy.so
"""},
    "AL2": {"both": """
libBrokenLocale.so.1 libSegFault.so libacl.so.1 libanl.so.1 libattr.so.1 libbz2.so.1 libc.so.6 libcap.so.2 libcidn.so.1
libcom_err.so.2 libcrypto.so.1.0.2k libcrypto.so.10 libdl.so.2 libexpat.so.1 libffi.so.6 libfontconfig.so.1 libform.so.6
libformw.so.6 libfreebl3.so libfreeblpriv3.so libfreetype.so.6 libgcc_s.so.1 libgmp.so.10 libgmpxx.so.4 libgssapi_krb5.so.2
libgssrpc.so.4 libicudata.so.50 libicui18n.so.50 libicuio.so.50 libicule.so.50 libiculx.so.50 libicutest.so.50 libicutu.so.50
libicuuc.so.50 libk5crypto.so.3 libkdb5.so.8 libkeyutils.so.1 libkrad.so.0 libkrb5.so.3 libkrb5support.so.0 libm.so.6
libmemusage.so libmenu.so.6 libmenuw.so.6 libncurses.so.6 libncursesw.so.6 libnsl.so.1 libnspr4.so libnss_compat.so.2
libnss_dns.so.2 libnss_files.so.2 libnssckbi.so libnssutil3.so libp11-kit.so.0 libpanel.so.6 libpanelw.so.6 libpcprofile.so
libpcre.so.1 libpcre16.so.0 libpcre32.so.0 libpcrecpp.so.0 libpcreposix.so.0 libplc4.so libplds4.so libpng15.so.15 libpopt.so.0
libpsx.so.2 libpthread.so.0 libresolv.so.2 librt.so.1 libselinux.so.1 libsepol.so.1 libssl.so.1.0.2k libssl.so.10 libstdc++.so.6
libtasn1.so.6 libthread_db.so.1 libtic.so.6 libtinfo.so.6 libutil.so.1 libuuid.so.1 libverto.so.1 libz.so.1 p11-kit-proxy.so
p11-kit-trust.so
""", "x86_64": "ld-linux-x86-64.so.2 libmvec.so.1", "arm64": "ld-linux-aarch64.so.1"},
    "AL2023": {"both": """
libBrokenLocale.so.1 libSegFault.so libacl.so.1 libanl.so.1 libarchive.so.13 libassuan.so.0 libattr.so.1 libaudit.so.1
libauparse.so libauparse.so.0 libblkid.so.1 libbz2.so.1 libc.so.6 libc_malloc_debug.so.0 libcap-ng.so.0 libcap.so.2
libcom_err.so.2 libcrypto.so.3 libcurl.so.4 libdl.so.2 libdnf.so.2 libdrop_ambient.so.0 libffi.so.8 libform.so.6 libformw.so.6
libgcc_s.so.1 libgcrypt.so.20 libgio-2.0.so.0 libgirepository-1.0.so.1 libgirepository-2.0.so.0 libglib-2.0.so.0
libgmodule-2.0.so.0 libgmp.so.10 libgobject-2.0.so.0 libgpg-error.so.0 libgpgme.so.11 libgssapi_krb5.so.2 libgssrpc.so.4
libgthread-2.0.so.0 libhistory.so.8 libidn2.so.0 libjson-c.so.5 libk5crypto.so.3 libkdb5.so.10 libkeyutils.so.1 libkrad.so.0
libkrb5.so.3 libkrb5support.so.0 liblua-5.3.so liblua-5.4.so liblz4.so.1 liblzma.so.5 libm.so.6 libmagic.so.1 libmemusage.so
libmenu.so.6 libmenuw.so.6 libmodulemd.so.2 libmount.so.1 libmpfr.so.6 libncurses.so.6 libncursesw.so.6 libnghttp2.so.14
libnpth.so.0 libnss_compat.so.2 libnss_dns.so.2 libnss_files.so.2 libnssckbi.so libp11-kit.so.0 libpanel.so.6 libpanelw.so.6
libpcprofile.so libpcre2-8.so.0 libpcre2-posix.so.3 libpeas-1.0.so.0 libpopt.so.0 libpsl.so.5 libpsx.so.2 libpthread.so.0
libreadline.so.8 librepo.so.0 libresolv.so.2 librpm.so.9 librpmio.so.9 librt.so.1 libselinux.so.1 libsepol.so.2 libsigsegv.so.2
libsmartcols.so.1 libsolv.so.1 libsolvext.so.1 libsqlite3.so.0 libssl.so.3 libstdc++.so.6 libtasn1.so.6 libthread_db.so.1
libtic.so.6 libtinfo.so.6 libunistring.so.2 libutil.so.1 libuuid.so.1 libverto.so.1 libxml2.so.2 libyaml-0.so.2 libz.so.1
libzstd.so.1 p11-kit-proxy.so
""", "x86_64": "ld-linux-x86-64.so.2 libmvec.so.1", "arm64": "ld-linux-aarch64.so.1"},
}

#: What a runtime adds in /var/lang/lib, /var/runtime and /var/runtime/lib. One that is not here was never listed.
RUNTIMES: Final[Mapping[str, Mapping[str, str]]] = {
    "nodejs26.x": {"both": "libcrypto.so libcrypto.so.3 libssl.so libssl.so.3 libstdc++.so libstdc++.so.6"},
    "nodejs24.x": {"both": "libcrypto.so libcrypto.so.3 libssl.so libssl.so.3 libstdc++.so libstdc++.so.6"},
    "nodejs22.x": {"both": "libcrypto.so libcrypto.so.3 libssl.so libssl.so.3"},
    "nodejs20.x": {"both": "libcrypto.so libcrypto.so.3 libssl.so libssl.so.3"},
    "nodejs18.x": {"both": "libcrypto.so libcrypto.so.3 libssl.so libssl.so.3"},
    "nodejs16.x": {},
    "nodejs14.x": {},
    "python3.15": {"both": """
libbz2.so libbz2.so.1 libcrypt.so libcrypt.so.2 libgdbm.so.6 libgdbm_compat.so libgdbm_compat.so.4 liblzma.so liblzma.so.5
libpython3.15.so libpython3.15.so.1.0 libpython3.so libreadline.so libreadline.so.8 libsqlite3.so libsqlite3.so.0 libzstd.so
libzstd.so.1
""", "x86_64": "libcrypt.so.1"},
    "python3.14": {"both": """
libbz2.so libbz2.so.1 libcrypt.so libcrypt.so.2 libgdbm.so.6 libgdbm_compat.so libgdbm_compat.so.4 liblzma.so liblzma.so.5
libpython3.14.so libpython3.14.so.1.0 libpython3.so libreadline.so libreadline.so.8 libsqlite3.so libsqlite3.so.0 libzstd.so
libzstd.so.1
""", "x86_64": "libcrypt.so.1"},
    "python3.13": {"both": """
libbz2.so libbz2.so.1 libcrypt.so libcrypt.so.2 libgdbm.so.6 libgdbm_compat.so libgdbm_compat.so.4 liblzma.so liblzma.so.5
libpython3.13.so libpython3.13.so.1.0 libpython3.so libreadline.so libreadline.so.8 libsqlite3.so libsqlite3.so.0
""", "x86_64": "libcrypt.so.1"},
    "python3.12": {"both": """
libbz2.so libbz2.so.1 libcrypt.so libcrypt.so.2 libgdbm.so.6 libgdbm_compat.so libgdbm_compat.so.4 liblzma.so liblzma.so.5
libpython3.12.so libpython3.12.so.1.0 libpython3.so libreadline.so libreadline.so.8 libsqlite3.so libsqlite3.so.0
""", "x86_64": "libcrypt.so.1"},
    "python3.11": {"both": """
libbz2.so libbz2.so.1 libcrypt.so libcrypt.so.1 libgdbm.so.4 libgdbm_compat.so libgdbm_compat.so.4 liblzma.so liblzma.so.5
libpython3.11.so libpython3.11.so.1.0 libpython3.so libreadline.so libreadline.so.6 libsqlite3.so libsqlite3.so.0
"""},
    "python3.10": {"both": """
libbz2.so libbz2.so.1 libcrypt.so libcrypt.so.1 libgdbm.so.4 libgdbm_compat.so libgdbm_compat.so.4 liblzma.so liblzma.so.5
libpython3.10.so libpython3.10.so.1.0 libpython3.so libreadline.so libreadline.so.6 libsqlite3.so libsqlite3.so.0
"""},
    "python3.9": {"both": """
libbz2.so libbz2.so.1 libcrypt.so libcrypt.so.1 libgdbm.so.4 libgdbm_compat.so libgdbm_compat.so.4 liblzma.so liblzma.so.5
libpython3.9.so libpython3.9.so.1.0 libpython3.so libreadline.so libreadline.so.6 libsqlite3.so libsqlite3.so.0
"""},
    "python3.8": {"both": """
libbz2.so libbz2.so.1 libcrypt.so libcrypt.so.1 libgdbm.so.4 libgdbm_compat.so libgdbm_compat.so.4 liblzma.so liblzma.so.5
libpython3.8.so libpython3.8.so.1.0 libpython3.so libreadline.so libreadline.so.6 libsqlite3.so libsqlite3.so.0
"""},
    "python3.7": {"x86_64": """
libcrypto.so libcrypto.so.1.0.2k libcrypto.so.10 libpython3.7m.so libpython3.7m.so.1.0 libpython3.so libssl.so libssl.so.1.0.2k
libssl.so.10
"""},
    "java25": {"both": """
libattach.so libawt.so libawt_headless.so libawt_xawt.so libdt_socket.so libextnet.so libfontmanager.so libfreetype.so
libinstrument.so libj2gss.so libj2pcsc.so libj2pkcs11.so libjaas.so libjava.so libjavajpeg.so libjawt.so libjdwp.so libjimage.so
libjli.so libjsig.so libjsound.so liblcms.so libmanagement.so libmanagement_agent.so libmanagement_ext.so libmlib_image.so
libnet.so libnio.so libprefs.so librmi.so libsaproc.so libsctp.so libsplashscreen.so libsyslookup.so libverify.so libzip.so
""", "x86_64": "libjsvml.so libsimdsort.so", "arm64": "libsleef.so"},
    "java21": {"both": """
libattach.so libawt.so libawt_headless.so libawt_xawt.so libdt_socket.so libextnet.so libfontmanager.so libfreetype.so
libinstrument.so libj2gss.so libj2pcsc.so libj2pkcs11.so libjaas.so libjava.so libjavajpeg.so libjawt.so libjdwp.so libjimage.so
libjli.so libjsig.so libjsound.so liblcms.so lible.so libmanagement.so libmanagement_agent.so libmanagement_ext.so
libmlib_image.so libnet.so libnio.so libprefs.so librmi.so libsaproc.so libsctp.so libsplashscreen.so libsyslookup.so libverify.so
libzip.so
""", "x86_64": "libjsvml.so"},
    "java17.al2023": {"both": """
libattach.so libawt.so libawt_headless.so libawt_xawt.so libdt_socket.so libextnet.so libfontmanager.so libfreetype.so
libinstrument.so libj2gss.so libj2pcsc.so libj2pkcs11.so libjaas.so libjava.so libjavajpeg.so libjawt.so libjdwp.so libjimage.so
libjli.so libjsig.so libjsound.so liblcms.so libmanagement.so libmanagement_agent.so libmanagement_ext.so libmlib_image.so
libnet.so libnio.so libprefs.so librmi.so libsaproc.so libsctp.so libsplashscreen.so libsyslookup.so libverify.so libzip.so
""", "x86_64": "libjsvml.so"},
    "java17": {"both": """
libattach.so libawt.so libawt_headless.so libawt_xawt.so libdt_socket.so libextnet.so libfontmanager.so libfreetype.so
libinstrument.so libj2gss.so libj2pcsc.so libj2pkcs11.so libjaas.so libjava.so libjavajpeg.so libjawt.so libjdwp.so libjimage.so
libjli.so libjsig.so libjsound.so liblcms.so libmanagement.so libmanagement_agent.so libmanagement_ext.so libmlib_image.so
libnet.so libnio.so libprefs.so librmi.so libsaproc.so libsctp.so libsplashscreen.so libsyslookup.so libverify.so libzip.so
""", "x86_64": "libjsvml.so"},
    "java11.al2023": {"both": """
libattach.so libawt.so libawt_headless.so libawt_xawt.so libdt_socket.so libextnet.so libfontmanager.so libfreetype.so
libinstrument.so libj2gss.so libj2pcsc.so libj2pkcs11.so libjaas.so libjava.so libjavajpeg.so libjawt.so libjdwp.so libjimage.so
libjsig.so libjsound.so liblcms.so libmanagement.so libmanagement_agent.so libmanagement_ext.so libmlib_image.so libnet.so
libnio.so libprefs.so librmi.so libsaproc.so libsctp.so libsplashscreen.so libsunec.so libunpack.so libverify.so libzip.so
rapid_client.so
"""},
    "java11": {"both": """
libattach.so libawt.so libawt_headless.so libawt_xawt.so libdt_socket.so libextnet.so libfontmanager.so libfreetype.so
libinstrument.so libj2gss.so libj2pcsc.so libj2pkcs11.so libjaas.so libjava.so libjavajpeg.so libjawt.so libjdwp.so libjimage.so
libjsig.so libjsound.so liblcms.so libmanagement.so libmanagement_agent.so libmanagement_ext.so libmlib_image.so libnet.so
libnio.so libprefs.so librmi.so libsaproc.so libsctp.so libsplashscreen.so libsunec.so libunpack.so libverify.so libzip.so
rapid_client.so
"""},
    "java8.al2023": {"both": "rapid_client.so"},
    "java8.al2": {"both": "rapid_client.so"},
    "java8": {"x86_64": "libawslambda.so liblambdalog.so liblambdaruntime.so"},
    "dotnet10": {},
    "dotnet8": {},
    "dotnet6": {"arm64": """
libicudata.so libicudata.so.68 libicui18n.so libicui18n.so.68 libicuio.so libicuio.so.68 libicutest.so libicutest.so.68
libicutu.so libicutu.so.68 libicuuc.so libicuuc.so.68
"""},
    "ruby4.0": {"both": """
libcrypt.so libcrypt.so.2 libgdbm.so.6 libgdbm_compat.so libgdbm_compat.so.4 libreadline.so.8 libruby.so libruby.so.4.0
libyaml-0.so.2 libyaml.so
"""},
    "ruby3.4": {"both": """
libcrypt.so libcrypt.so.2 libgdbm.so.6 libgdbm_compat.so libgdbm_compat.so.4 libreadline.so.8 libruby.so libruby.so.3.4
libyaml-0.so.2 libyaml.so
"""},
    "ruby3.3": {"both": """
libcrypt.so libcrypt.so.2 libgdbm.so.6 libgdbm_compat.so libgdbm_compat.so.4 libreadline.so.8 libruby.so libruby.so.3.3
libyaml-0.so.2 libyaml.so
"""},
    "ruby3.2": {"both": """
libcrypt.so libcrypt.so.1 libgdbm.so.4 libgdbm_compat.so libgdbm_compat.so.4 libreadline.so.6 libruby.so libruby.so.3.2
libyaml-0.so.2 libyaml.so
"""},
    "ruby2.7": {"both": """
libcrypt.so libcrypt.so.1 libgdbm.so.4 libgdbm_compat.so libgdbm_compat.so.4 libreadline.so libreadline.so.6 libruby.so
libruby.so.2.7
"""},
    "go1.x": {"x86_64": "liblambdaruntime.so"},
    "provided.al2023": {},
    "provided.al2": {},
    "provided": {},
}

#: In the base image of an operating system, and not in its managed runtimes.
IMAGE_ONLY: Final[Mapping[str, str]] = {
    "AL2": """
libassuan.so.0 libblkid.so.1 libcrypt.so.1 libcurl.so.4 libdb-5.3.so libdb-5.so libelf-0.176.so libelf.so.1 libgcrypt.so.11
libgdbm.so.4 libgdbm_compat.so.4 libgio-2.0.so.0 libglib-2.0.so.0 libgmodule-2.0.so.0 libgobject-2.0.so.0 libgpg-error.so.0
libgpgme-pthread.so.11 libgpgme.so.11 libgthread-2.0.so.0 libhistory.so.6 libidn2.so.0 liblber-2.4.so.2 libldap-2.4.so.2
libldap_r-2.4.so.2 liblua-5.1.so liblzma.so.5 libmagic.so.1 libmount.so.1 libnghttp2.so.14 libnss3.so libnssdbm3.so libnsspem.so
libnsssysinit.so libpsl.so.5 libpth.so.20 libpython2.7.so.1.0 libreadline.so.6 librpm.so.3 librpmbuild.so.3 librpmio.so.3
librpmsign.so.1 libsasl2.so.3 libslapi-2.4.so.2 libsmime3.so libsoftokn3.so libsqlite3.so.0 libssh2.so.1 libssl3.so
libunistring.so.0 libxml2.so.2
""",
}

#: There for the system's package manager alone, so that AWS may leave them out one day.
PACKAGE_MANAGER: Final[Mapping[str, str]] = {
    "AL2023": """
libarchive.so.13 libassuan.so.0 libaudit.so.1 libauparse.so libauparse.so.0 libdnf.so.2 libdrop_ambient.so.0 libgcrypt.so.20
libgirepository-1.0.so.1 libgirepository-2.0.so.0 libgpg-error.so.0 libgpgme.so.11 libgssrpc.so.4 libkdb5.so.10 libkrad.so.0
liblua-5.3.so liblua-5.4.so libmodulemd.so.2 libnpth.so.0 libpeas-1.0.so.0 librepo.so.0 librpm.so.9 librpmio.so.9
libsmartcols.so.1 libsolv.so.1 libsolvext.so.1
""",
}

#: Names that packages are known to need: those of them that an environment does not have are surely absent there.
WATCHED: Final = """
ld-linux-aarch64.so.1 ld-linux-armhf.so.3 ld-linux.so.2 ld-lsb-x86-64.so.3 libEGL.so.1 libFLAC.so.8 libGL.so.1 libGLESv2.so.2
libGLU.so.1 libGLX.so.0 libGraphicsMagick.so.3 libICE.so.6 libIlmImf-2_2.so.22 libMagickCore-6.Q16.so.6
libMagickCore-7.Q16HDRI.so.10 libMagickWand-6.Q16.so.6 libMagickWand-7.Q16HDRI.so.10 libOSMesa.so.8 libOpenCL.so.1
libOpenEXR-3_1.so.30 libOpenGL.so.0 libOpenNI2.so.0 libQt5Core.so.5 libQt5Gui.so.5 libQt6Core.so.6 libSM.so.6 libSystem.B.dylib
libX11-xcb.so.1 libX11.so.6 libXau.so.6 libXcomposite.so.1 libXcursor.so.1 libXdamage.so.1 libXext.so.6 libXfixes.so.3 libXft.so.2
libXi.so.6 libXinerama.so.1 libXmu.so.6 libXpm.so.4 libXrandr.so.2 libXrender.so.1 libXss.so.1 libXt.so.6 libXtst.so.6
libabsl_base.so.2111.0.0 libaio.so.1 libaio.so.1t64 libaom.so.3 libapparmor.so.1 libarchive.so.13 libarmadillo.so.10
libarrow.so.900 libasan.so.5 libasan.so.6 libasan.so.8 libasound.so.2 libaspell.so.15 libatk-1.0.so.0 libatk-bridge-2.0.so.0
libatlas.so.3 libatomic.so.1 libatspi.so.0 libavcodec.so.58 libavcodec.so.59 libavcodec.so.60 libavformat.so.58 libavformat.so.60
libavif.so.16 libavutil.so.56 libavutil.so.58 libaws-cpp-sdk-core.so libaws-crt-cpp.so libbfd-2.38-system.so libblas.so.3
libblkid.so.1 libblosc.so.1 libboost_filesystem.so.1.75.0 libboost_python39.so.1.75.0 libboost_system.so.1.53.0
libbrotlicommon.so.1 libbrotlidec.so.1 libbrotlienc.so.1 libbsd.so.0 libbson-1.0.so.0 libbz2.so.1.0 libc++.so.1 libc++abi.so.1
libc.musl-aarch64.so.1 libc.musl-x86_64.so.1 libc.so libcairo-gobject.so.2 libcairo.so.2 libcares.so.2 libcblas.so.3
libcgraph.so.6 libcidn.so.1 libcjson.so.1 libclamav.so.11 libclamav.so.12 libclamav.so.9 libclntsh.so.19.1 libclntsh.so.21.1
libcrack.so.2 libcroco-0.6.so.3 libcrypt.so.1 libcrypt.so.2 libcrypto.so.1.0.0 libcrypto.so.1.0.2 libcrypto.so.1.1 libcrypto.so.10
libcrypto.so.3 libct.so.4 libcublas.so.11 libcublas.so.12 libcuda.so.1 libcudart.so.11.0 libcudart.so.12 libcudnn.so.8
libcudnn.so.9 libcufft.so.11 libcups.so.2 libcurl-gnutls.so.4 libcurl.so.4 libdatrie.so.1 libdav1d.so.6 libdb-5.3.so libdb-5.so
libdb2.so.1 libdbus-1.so.3 libde265.so.0 libdeflate.so.0 libdmtx.so.0 libdrm.so.2 libdw.so.1 libeconf.so.0 libedit.so.0
libedit.so.2 libelf.so.1 libenchant-2.so.2 libespeak-ng.so.1 libev.so.4 libevent-2.0.so.5 libevent-2.1.so.6 libevent-2.1.so.7
libexif.so.12 libexpat.so.1 libexslt.so.0 libfbclient.so.2 libffi.so.5 libffi.so.6 libffi.so.7 libffi.so.8 libfftw3.so.3
libfmt.so.8 libfontconfig.so.1 libfreebl3.so libfreetype.so.6 libfribidi.so.0 libfuse.so.2 libfuse3.so.3 libgbm.so.1
libgconf-2.so.4 libgcrypt.so.11 libgcrypt.so.20 libgdal.so.26 libgdal.so.28 libgdal.so.32 libgdbm.so.4 libgdbm.so.6
libgdbm_compat.so.4 libgdk-3.so.0 libgdk_pixbuf-2.0.so.0 libgeoip.so.1 libgeos-3.11.1.so libgeos_c.so.1 libgflags.so.2.2
libgfortran.so.3 libgfortran.so.4 libgfortran.so.5 libgif.so.4 libgif.so.7 libgio-2.0.so.0 libgit2.so.27 libgit2.so.28
libglib-2.0.so.0 libglog.so.0 libglut.so.3 libgmodule-2.0.so.0 libgmp.so.3 libgmpxx.so.4 libgnutls.so.26 libgnutls.so.28
libgnutls.so.30 libgobject-2.0.so.0 libgomp.so.1 libgpg-error.so.0 libgpgme.so.11 libgraphite2.so.3 libgraphviz.so
libgrpc++.so.1.48 libgrpc.so.26 libgs.so.10 libgs.so.9 libgsl.so.25 libgstreamer-1.0.so.0 libgthread-2.0.so.0 libgtk-3.so.0
libgtk-x11-2.0.so.0 libgvc.so.6 libharfbuzz-subset.so.0 libharfbuzz.so.0 libhdf5.so.103 libhdf5.so.200 libhdf5.so.310 libheif.so.1
libhiredis.so.0.14 libhogweed.so.4 libhogweed.so.6 libhostfxr.so libhunspell-1.7.so.0 libibverbs.so.1 libicudata.so.50
libicudata.so.67 libicui18n.so.50 libicuuc.so.50 libicuuc.so.60 libicuuc.so.66 libicuuc.so.67 libicuuc.so.70 libicuuc.so.72
libicuuc.so.74 libidn.so.11 libidn.so.12 libidn2.so.0 libiomp5.so libisal.so.2 libitm.so.1 libjansson.so.4 libjasper.so.1
libjasper.so.4 libjpeg.so.62 libjpeg.so.8 libjpeg.so.9 libjson-c.so.2 libjson-c.so.5 libjvm.so libjxl.so.0.7 libkmod.so.2
liblapack.so.3 liblber-2.4.so.2 liblber-2.5.so.0 liblber.so.2 liblcms2.so.2 libldap-2.4.so.2 libldap-2.5.so.0 libldap.so.2
libldap_r-2.4.so.2 liblept.so.5 libleptonica.so.6 libleveldb.so.1 liblmdb.so.0 libltdl.so.7 liblttng-ust.so.0 liblttng-ust.so.1
liblua-5.1.so liblua-5.3.so liblua5.3.so.0 libluajit-5.1.so.2 liblz4.so.1 liblzma.so.5 liblzo2.so.2 libmagic.so.1 libmariadb.so.3
libmaxminddb.so.0 libmbedcrypto.so.3 libmbedtls.so.10 libmd.so.0 libmediainfo.so.0 libmemcached.so.11 libminizip.so.1
libmkl_rt.so.1 libmkl_rt.so.2 libmnl.so.0 libmongoc-1.0.so.0 libmono-2.0.so.1 libmount.so.1 libmp3lame.so.0 libmpc.so.3
libmpfr.so.4 libmpfr.so.6 libmpi.so.12 libmpi.so.40 libmsodbcsql-17.so libmsodbcsql-18.so libmvec.so.1 libmysqlclient.so.18
libmysqlclient.so.20 libmysqlclient.so.21 libncurses.so.5 libncurses.so.6 libncursesw.so.5 libncursesw.so.6 libnetcdf.so.18
libnetcdf.so.19 libnettle.so.4 libnettle.so.6 libnettle.so.8 libnghttp2.so.14 libnghttp3.so.9 libnnz19.so libnode.so.108
libnode.so.127 libnode.so.72 libnsl.so.1 libnsl.so.2 libnsl.so.3 libnspr4.so libnss3.so libnss_db.so.2 libnss_hesiod.so.2
libnss_myhostname.so.2 libnss_nis.so.2 libnss_resolve.so.2 libnss_systemd.so.2 libnssutil3.so libnuma.so.1 libnvidia-ml.so.1
libnvinfer.so.8 libnvrtc.so.12 libodbc.so.2 libodbcinst.so.2 libogg.so.0 libomp.so libomp.so.5 libonig.so.2 libonig.so.5
libopenblas.so.0 libopencv_core.so.4.5 libopencv_core.so.406 libopenjp2.so.7 libopus.so.0 libossp-uuid.so.16 libpam.so.0
libpam_misc.so.0 libpamc.so.0 libpango-1.0.so.0 libpangocairo-1.0.so.0 libpangoft2-1.0.so.0 libparquet.so.900 libpcap.so.0.8
libpcap.so.1 libpcre.so.0 libpcre.so.1 libpcre.so.3 libpcre2-8.so.0 libpdfium.so libperl.so libperl.so.5.32 libphp.so
libpixman-1.so.0 libplc4.so libplds4.so libpng12.so.0 libpng15.so.15 libpng16.so.16 libpoppler-cpp.so.0 libpoppler.so.126
libportaudio.so.2 libpq.so.5 libproj.so.15 libproj.so.19 libproj.so.22 libproj.so.25 libprotobuf.so.25 libprotobuf.so.8
libpsl.so.5 libpulse.so.0 libpwquality.so.1 libpython2.7.so.1.0 libpython3.10.so.1.0 libpython3.11.so.1.0 libpython3.12.so.1.0
libpython3.13.so.1.0 libpython3.14.so.1.0 libpython3.15.so.1.0 libpython3.6m.so.1.0 libpython3.7m.so.1.0 libpython3.8.so.1.0
libpython3.9.so.1.0 libquadmath.so.0 librabbitmq.so.4 libraw.so.20 librdkafka.so.1 librdmacm.so.1 libreadline.so.6
libreadline.so.7 libreadline.so.8 libreglo.so librocksdb.so.6 librsvg-2.so.2 librtmp.so.1 libruby.so.2.5 libruby.so.2.7
libruby.so.3.2 libruby.so.3.3 libruby.so.3.4 libruby.so.4.0 libsasl2.so.2 libsasl2.so.3 libsatlas.so.3 libseccomp.so.2
libsmime3.so libsnappy.so.1 libsndfile.so.1 libsodium.so.18 libsodium.so.23 libsodium.so.26 libsoftokn3.so libsox.so.3
libspatialindex.so.6 libspatialindex_c.so.6 libspatialite.so.7 libspdlog.so.1 libsqlite3.so.0 libssh.so.4 libssh2.so.1
libssl.so.1.0.0 libssl.so.1.0.2 libssl.so.1.1 libssl.so.10 libssl.so.3 libssl3.so libswresample.so.3 libswscale.so.5
libswscale.so.7 libsybdb.so.5 libsystemd.so.0 libsz.so.2 libtbb.so.12 libtbb.so.2 libtbbmalloc.so.2 libtcl8.6.so libtdsodbc.so
libtesseract.so.4 libtesseract.so.5 libthai.so.0 libthrift-0.14.1.so libtiff.so.5 libtiff.so.6 libtinfo.so.5 libtinfo.so.6
libtirpc.so.3 libtk8.6.so libtsan.so.0 libturbojpeg.so.0 libubsan.so.1 libudev.so.0 libudev.so.1 libunwind.so.1 libunwind.so.8
liburing.so.2 libuv.so.1 libvips-cpp.so.42 libvips.so.42 libvlc.so.5 libvorbis.so.0 libvulkan.so.1 libwayland-client.so.0
libwebp.so.4 libwebp.so.6 libwebp.so.7 libwebpdemux.so.2 libwebpmux.so.3 libwkhtmltox.so.0 libx264.so.164 libx265.so.199
libxcb-render.so.0 libxcb-shm.so.0 libxcb.so.1 libxcrypt.so.1 libxkbcommon-x11.so.0 libxkbcommon.so.0 libxml2.so.2
libxmlsec1-openssl.so.1 libxmlsec1.so.1 libxshmfence.so.1 libxslt.so.1 libyaml-0.so.2 libyaml-cpp.so.0.6 libzbar.so.0 libzen.so.0
libzip.so.5 libzmq.so.5 libzstd.so.1
"""

#: The release of libstdc++: of an operating system, and of a runtime that has its own, which the loader finds first.
LIBSTDCXX: Final[Mapping[str, str]] = {"AL1": "6.0.24", "AL2": "6.0.24", "AL2023": "6.0.33", "nodejs24.x": "6.0.32", "nodejs26.x": "6.0.32"}
