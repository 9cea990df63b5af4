"""What Ruby and its runtime on Lambda bring along: features, constants and methods that are there without a package's doing.

Collected on 2026-11-21 from the Rubies 3.1.2, 3.2.4, 3.3.3, 3.4.1 and 4.0.0 themselves (``Object.constants``,
``Object.instance_methods``, the files of their standard libraries and bundled gems, ``Encoding.name_list``) after loading
what the runtime interface client loads, and from the list of /var/runtime in ruby3.3 at
https://github.com/shogo82148/docker-lambda (dump of 2026). Each table is the union of all versions: what one of them has
is never said to be missing.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What the client has loaded before the handler's file: ``require`` of such a name loads nothing more
#: (net/http, json and logger, which it requires, and the Ruby files that these require in every version).
LOADED: Final = frozenset({"json", "logger", "monitor", "net/http", "net/protocol", "socket", "thread", "timeout", "uri"})
#: First parts of the features of the standard library and of the gems that come with Ruby.
_FEATURES: Final = _words(
    "English abbrev base64 benchmark bigdecimal bundled_gems bundler cgi complex continuation coverage csv date "
    "date_core debug delegate did_you_mean digest drb enc enumerator erb error_highlight etc expect fcntl "
    "fiber fiddle fileutils find forwardable getoptlong io ipaddr irb json kconv logger matrix minitest mkmf "
    "monitor mutex_m net nkf objspace observer open-uri open3 openssl optionparser optparse ostruct pathname "
    "power_assert pp prettyprint prime prism pstore psych pty racc rake random rational rbconfig rbs rdoc "
    "readline reline repl_type_completor resolv resolv-replace rexml rinda ripper rss ruby2_keywords ruby_vm "
    "rubygems securerandom set shellwords singleton socket stringio strscan syntax_suggest syslog tempfile test "
    "thread time timeout tmpdir tsort typeprof un unicode_normalize uri weakref win32ole yaml zlib"
)
_NET: Final = frozenset({"net/ftp", "net/http", "net/https", "net/imap", "net/pop", "net/protocol", "net/smtp"})
_NET_HTTP: Final = _words(
    "backward exceptions generic_request header proxy_delta request requests response responses status"
)
#: Those of them that are folders only.
_FOLDERS: Final = frozenset({"enc", "io", "random", "rinda", "ruby_vm", "test", "unicode_normalize", "power_assert"})
#: Gems of /var/runtime, by the start of what is required. aws-record and the like came and went with the SDK.
_RUNTIME: Final = (
    "aws-sdk", "aws-sig", "aws-eventstream", "aws-partitions", "aws-record", "aws-sessionstore", "aws_lambda_ric", "jmespath",
)  # fmt: skip

#: Encodings that a magic comment may name, in small letters.
ENCODINGS: Final = _words(
    "646 ansi_x3.4-1968 ascii ascii-8bit big5 big5-hkscs big5-hkscs:2008 big5-uao binary cesu-8 cp1250 cp1251 "
    "cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp50220 cp50221 cp51932 cp65000 cp65001 cp720 cp737 "
    "cp775 cp850 cp852 cp855 cp857 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874 cp878 cp932 cp936 cp949 "
    "cp950 cp951 cswindows31j ebcdic-cp-us emacs-mule euc-cn euc-jis-2004 euc-jisx0213 euc-jp euc-jp-ms euc-kr "
    "euc-tw euccn eucjp eucjp-ms euckr euctw external filesystem gb12345 gb18030 gb1988 gb2312 gbk ibm037 ibm437 "
    "ibm720 ibm737 ibm775 ibm850 ibm852 ibm855 ibm857 ibm860 ibm861 ibm862 ibm863 ibm864 ibm865 ibm866 ibm869 "
    "internal iso-2022-jp iso-2022-jp-2 iso-2022-jp-kddi iso-8859-1 iso-8859-10 iso-8859-11 iso-8859-13 "
    "iso-8859-14 iso-8859-15 iso-8859-16 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 "
    "iso-8859-8 iso-8859-9 iso2022-jp iso2022-jp2 iso8859-1 iso8859-10 iso8859-11 iso8859-13 iso8859-14 "
    "iso8859-15 iso8859-16 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 koi8-r "
    "koi8-u locale maccenteuro maccroatian maccyrillic macgreek maciceland macjapan macjapanese macroman "
    "macromania macthai macturkish macukraine pck shift_jis sjis sjis-docomo sjis-kddi sjis-softbank "
    "stateless-iso-2022-jp stateless-iso-2022-jp-kddi tis-620 ucs-2be ucs-4be ucs-4le us-ascii utf-16 utf-16be "
    "utf-16le utf-32 utf-32be utf-32le utf-7 utf-8 utf-8-hfs utf-8-mac utf8-docomo utf8-kddi utf8-mac "
    "utf8-softbank windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 "
    "windows-1257 windows-1258 windows-31j windows-874"
)

#: Constants that are there, or that one ``require`` of the standard library or the SDK brings.
CONSTANTS: Final = _words(
    "ARGF ARGV Abbrev Addrinfo ArgumentError Array Aws AwsLambda AwsLambdaRuntimeInterfaceClient Base64 "
    "BasicObject BasicSocket Benchmark BigDecimal Bignum Binding Bootstrap Bundler CGI CSV Class ClosedQueueError "
    "Comparable Complex ConditionVariable Coverage DEBUGGER__ DRb Data Date DateTime Delegator DidYouMean Digest "
    "Dir ENV EOFError ERB Encoding EncodingError Enumerable Enumerator Errno ErrorHighlight Etc Exception "
    "FalseClass Fcntl Fiber FiberError Fiddle File FileTest FileUtils Find Fixnum Float FloatDomainError "
    "Forwardable FrozenError GC Gem GetoptLong Hash IO IOError IPAddr IPSocket IRB IndexError Integer Interrupt "
    "JMESPath JSON JsonLogFormatter Kconv Kernel KeyError LambdaContext LambdaErrors LambdaHandler "
    "LambdaLogFormatter LambdaLogger LambdaServer LoadError LocalJumpError LogFormatter Logger LoggerPatch "
    "Marshal MatchData Math Matrix Method Minitest Module Monitor MonitorMixin Mutex Mutex_m NKF NameError Net "
    "NilClass Nkf NoMatchingPatternError NoMatchingPatternKeyError NoMemoryError NoMethodError "
    "NotImplementedError Numeric Object ObjectSpace Observable Open3 OpenSSL OpenStruct OptParse OptionParser PP "
    "PStore PTY Pathname PrettyPrint Prime Prism Proc Process Psych Queue RBS REXML RSS "
    "RUBYGEMS_ACTIVATION_MONITOR RUBY_COPYRIGHT RUBY_DESCRIPTION RUBY_ENGINE RUBY_ENGINE_VERSION RUBY_PATCHLEVEL "
    "RUBY_PLATFORM RUBY_RELEASE_DATE RUBY_REVISION RUBY_VERSION Racc Ractor Rake Random Range RangeError "
    "RapidClient Rational RbConfig Readline Refinement Regexp RegexpError Reline Resolv Rinda Ripper Ruby RubyVM "
    "RuntimeError STDERR STDIN STDOUT ScriptError Seahorse SecureRandom SecurityError Set Shellwords Signal "
    "SignalException SimpleDelegator Singleton SizedQueue Socket SocketError SortedSet StandardError "
    "StopIteration String StringIO Struct Symbol SyntaxError SyntaxSuggest Syslog SystemCallError SystemExit "
    "SystemStackError TCPServer TCPSocket TOPLEVEL_BINDING TSort TelemetryLogSink Tempfile Test Thread "
    "ThreadError ThreadGroup Time Timeout Tmpdir TracePoint TrueClass TypeError TypeProf UDPSocket UNIXServer "
    "UNIXSocket URI UnboundMethod UncaughtThrowError UnicodeNormalize Vector Warning WeakRef XRayCause YAML "
    "ZeroDivisionError Zlib"
)

#: Methods of every object, private ones included, since the client calls with ``__send__``; and those of its own class.
OBJECT_METHODS: Final = _words(
    "Array Complex Float Hash Integer JSON Pathname Rational String URI __callee__ __dir__ __id__ __method__ "
    "__send__ abort at_exit autoload autoload? binding block_given? call_handler caller caller_locations catch "
    "class clone define_singleton_method display dup enum_for eql? equal? eval exec exit exit! extend fail fork "
    "format freeze frozen? gem gem_original_require gets global_variables handler_file_name handler_method_name "
    "hash initialize initialize_clone initialize_copy initialize_dup inspect instance_eval instance_exec "
    "instance_of? instance_variable_defined? instance_variable_get instance_variable_set instance_variables "
    "instance_variables_to_inspect is_a? iterator? itself j jj kind_of? lambda load local_variables loop method "
    "method_missing methods nil? object_id open p pp pretty_inspect pretty_print pretty_print_cycle "
    "pretty_print_inspect pretty_print_instance_variables print printf private_methods proc protected_methods "
    "public_method public_methods public_send putc puts raise rand readline readlines remove_instance_variable "
    "require require_relative respond_to? respond_to_missing? select send set_trace_func singleton_class "
    "singleton_method singleton_method_added singleton_method_removed singleton_method_undefined "
    "singleton_methods sleep spawn sprintf srand syscall system taint tainted? tap test then throw to_enum "
    "to_json to_s trace_var trap trust untaint untrace_var untrust untrusted? warn yield_self"
)

#: What a class or a module has beside those.
CLASS_METHODS: Final = _words(
    "alias_method allocate ancestors attached_object attr attr_accessor attr_reader attr_writer class_eval "
    "class_exec class_variable_defined? class_variable_get class_variable_set class_variables const_added "
    "const_defined? const_get const_missing const_set const_source_location constants define_method "
    "deprecate_constant extended include include? included included_modules inherited instance_method "
    "instance_methods json_creatable? method_added method_defined? method_removed method_undefined module_eval "
    "module_exec name new prepend prepended private private_class_method private_constant "
    "private_instance_methods private_method_defined? protected protected_instance_methods "
    "protected_method_defined? public public_class_method public_constant public_instance_method "
    "public_instance_methods public_method_defined? refinements remove_class_variable remove_const remove_method "
    "ruby2_keywords set_temporary_name singleton_class? subclasses superclass undef_method "
    "undefined_instance_methods using"
)


def is_provided(feature: str) -> bool:
    """Tell whether Ruby or the runtime has a feature, in this version or another."""
    name = feature.removesuffix(".rb").removesuffix(".so")
    first = name.partition("/")[0]
    if first == "net":
        below = name.removeprefix("net/http/")
        return below in _NET_HTTP if below != name else "/".join(name.split("/")[:2]) in _NET
    return first in _FEATURES or name.startswith(_RUNTIME)


def is_feature(name: str) -> bool:
    """Tell whether a file of that name hides, or is hidden by, one of Ruby's own."""
    return name in _NET or (name in _FEATURES and name not in _FOLDERS)
