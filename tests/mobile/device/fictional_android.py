"""An Android phone, invented: `jnius` and `android.runnable` with the few Java classes that our
adapters may use, each as strict as the published interface. What it does not know fails.
"""

import hashlib
import hmac
import sys
from types import ModuleType


class JavaException(Exception):  # noqa: N818 its name in pyjnius
    def __init__(self, classname, message=""):
        super().__init__(f"{classname}: {message}")
        self.classname = classname


class Bytes:
    """pyjnius's ByteArray."""

    def __init__(self, data):
        self._data = data

    def tolist(self):
        return list(self._data)


class Key:
    """A key that lives in the fictional chip: nothing of it can be read."""

    def __init__(self, kind, secret, place):
        self.kind, self._secret, self.place = kind, secret, place

    def getEncoded(self):
        return None


class Phone:
    """`level`: of the API; `strongbox`, `trusted`: what hardware it has; `broken`: the keystore
    does not answer. `keys`: by alias. `flags`: of the window."""

    def __init__(self, level=34, strongbox=True, trusted=True):
        self.level, self.strongbox, self.trusted = level, strongbox, trusted
        self.broken = False
        self.keys, self.flags, self.made, self.on_ui = {}, [], 0, False

    def install(self, monkeypatch):
        jnius, android, runnable = (ModuleType(n) for n in ("jnius", "android", "android.runnable"))
        classes = self._classes()

        def autoclass(name):
            assert name in classes, f"no class {name} is known here"
            return classes[name]

        def cast(kind, thing):
            wanted = {
                "javax.crypto.SecretKey": Key,
                "android.security.keystore.KeyInfo": classes["android.security.keystore.KeyInfo"],
            }[kind]
            assert isinstance(thing, wanted), f"{thing} is no {kind}"
            return thing

        def run_on_ui_thread(work):
            def run():
                self.on_ui = True
                try:
                    work()
                finally:
                    self.on_ui = False

            return run

        jnius.autoclass, jnius.cast, jnius.JavaException = autoclass, cast, JavaException
        runnable.run_on_ui_thread = run_on_ui_thread
        for name, module in (
            ("jnius", jnius),
            ("android", android),
            ("android.runnable", runnable),
        ):
            monkeypatch.setitem(sys.modules, name, module)
        monkeypatch.setenv("ANDROID_ARGUMENT", "fictional")
        return self

    def place_of(self, spec):
        if spec.strongbox:
            if not self.strongbox:
                raise JavaException("android.security.keystore.StrongBoxUnavailableException")
            return "strongbox"
        return "trusted" if self.trusted else "software"

    def demand(self):
        if self.broken:
            raise JavaException("java.security.ProviderException", "Keystore operation failed")

    def _classes(phone):  # noqa: N805 inside the classes below `self` is another's
        class KeyProperties:
            PURPOSE_SIGN = 4

        class Spec:
            def __init__(self, alias, strongbox):
                self.alias, self.strongbox = alias, strongbox

        class Builder:
            def __init__(self, alias, purposes):
                assert isinstance(alias, str)
                assert purposes == KeyProperties.PURPOSE_SIGN
                self._alias, self._bits, self._strongbox = alias, None, False

            def setKeySize(self, bits):
                assert isinstance(bits, int)
                self._bits = bits
                return self

            def setIsStrongBoxBacked(self, wanted):
                assert phone.level >= 28, "java.lang.NoSuchMethodError"
                assert isinstance(wanted, bool)
                self._strongbox = wanted
                return self

            def build(self):
                assert self._bits == 256
                return Spec(self._alias, self._strongbox)

        class KeyGenerator:
            @staticmethod
            def getInstance(algorithm, provider):
                assert (algorithm, provider) == ("HmacSHA256", "AndroidKeyStore")
                made = KeyGenerator()
                made._spec = None
                return made

            def init(self, spec):
                assert isinstance(spec, Spec)
                self._spec = spec

            def generateKey(self):
                phone.demand()
                assert self._spec is not None, "java.lang.IllegalStateException"
                place = phone.place_of(self._spec)
                phone.made += 1
                secret = hashlib.sha256(b"fictional chip %d" % phone.made).digest()
                phone.keys[self._spec.alias] = Key("HmacSHA256", secret, place)
                return phone.keys[self._spec.alias]

        class KeyStore:
            @staticmethod
            def getInstance(kind):
                assert kind == "AndroidKeyStore"
                made = KeyStore()
                made._loaded = False
                return made

            def load(self, parameter):
                assert parameter is None
                phone.demand()
                self._loaded = True

            def containsAlias(self, alias):
                self._demand()
                return alias in phone.keys

            def getKey(self, alias, password):
                self._demand()
                assert password is None
                return phone.keys.get(alias)

            def deleteEntry(self, alias):
                self._demand()
                del phone.keys[alias]

            def _demand(self):
                assert self._loaded, "java.security.KeyStoreException: not initialized"
                phone.demand()

        class Mac:
            @staticmethod
            def getInstance(algorithm):
                assert algorithm == "HmacSHA256"
                made = Mac()
                made._key = None
                return made

            def init(self, key):
                assert isinstance(key, Key)
                assert key in phone.keys.values(), "KeyPermanentlyInvalidatedException"
                self._key = key

            def doFinal(self, data):
                assert isinstance(data, (bytes, bytearray, list))
                assert self._key is not None, "java.lang.IllegalStateException"
                phone.demand()
                return Bytes(hmac.digest(self._key._secret, bytes(data), "sha256"))

        class KeyInfo:
            def __init__(self, place):
                self._place = place

            def isInsideSecureHardware(self):
                return self._place != "software"

            def getSecurityLevel(self):
                assert phone.level >= 31, "java.lang.NoSuchMethodError"
                return {"software": 0, "trusted": 1, "strongbox": 2}[self._place]

        class SecretKeyFactory:
            @staticmethod
            def getInstance(algorithm, provider):
                assert (algorithm, provider) == ("HmacSHA256", "AndroidKeyStore")
                return SecretKeyFactory()

            def getKeySpec(self, key, kind):
                assert isinstance(key, Key)
                assert kind is KeyInfo
                return KeyInfo(key.place)

        class Version:
            SDK_INT = phone.level

        class LayoutParams:
            FLAG_SECURE = 0x2000

        class Window:
            def addFlags(self, flags):
                assert phone.on_ui, "android.view.ViewRootImpl$CalledFromWrongThreadException"
                phone.flags.append(flags)

        class Activity:
            def getWindow(self):
                return Window()

        class PythonActivity:
            mActivity = Activity()  # noqa: N815 its name in Java

        keystore = "android.security.keystore."
        return {
            keystore + "KeyProperties": KeyProperties,
            keystore + "KeyGenParameterSpec$Builder": Builder,
            keystore + "KeyInfo": KeyInfo,
            "javax.crypto.KeyGenerator": KeyGenerator,
            "javax.crypto.SecretKeyFactory": SecretKeyFactory,
            "javax.crypto.Mac": Mac,
            "java.security.KeyStore": KeyStore,
            "android.os.Build$VERSION": Version,
            "android.view.WindowManager$LayoutParams": LayoutParams,
            "org.kivy.android.PythonActivity": PythonActivity,
        }
