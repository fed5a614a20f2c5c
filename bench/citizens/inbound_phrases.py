"""What people text to a warning service, by what they want, as people would write it.

Written down by hand from what the service tells people to send and from how such texts
look elsewhere: not drawn from the classifier's own word lists. Some of it is in those
lists, as it must be, and some is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Language → intent → texts. ``YES`` is the reply 1 in words.
PHRASES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "STOP": (
            "stop", "stop please", "please stop", "stop these messages", "unsubscribe",
            "stop sending me this", "stop all", "cancel", "stop now", "opt out",
        ),
        "START": ("start", "start please", "please start", "restart", "resume"),
        "JOIN": ("join", "join please", "please join", "register", "sign me up"),
        "STATUS": ("status", "my status", "status please", "my settings"),
        "INFO": ("info", "information", "warnings", "news", "info please"),
        "HELP": (
            "help", "help me", "please help", "help us we are on the roof", "need help",
            "we need help at the school", "sos", "help my mother cannot walk",
            "the water is in the house help us", "emergency", "trapped in the house",
            "i am not safe", "we need rescue please",
        ),
        "SAFE": (
            "safe", "i am safe", "i'm safe", "we are safe", "i am ok", "all safe",
            "i am safe thank you",
        ),
        "YES": ("yes", "ok", "okay", "understood", "i understand", "ok thanks"),
        "REPORT": (
            "report bridge is under water", "report fire at the market",
            "i see a tree across the road", "report the road is blocked",
        ),
        "LANG": ("lang khmer", "language english", "lang dansk", "language français"),
        "PLACE": ("place takhmau", "move to roka", "i live in kandal", "place 080101"),
        "UNCLEAR": (
            "hello", "who is this", "thank you", "good morning", "wrong number",
            "how are you today", "what", "the bus stop is flooded", "nice weather",
            "2 people on the roof", "call me later", "is this real",
            "safe but my brother is not", "my name is john",
        ),
    },
    "da": {
        "STOP": ("stop", "afmeld", "stop nu", "stop venligst", "afmeld mig", "frameld"),
        "START": ("start", "start igen", "genoptag"),
        "JOIN": ("tilmeld", "tilmeld mig", "tilmeld mig tak", "registrer"),
        "STATUS": ("status", "min status"),
        "INFO": ("info", "info tak", "varsler"),
        "HELP": (
            "hjælp", "hjælp mig", "hjælp os vi sidder på taget", "nødhjælp",
            "jeg har brug for hjælp", "vandet stiger hjælp", "vi har brug for hjælp nu",
        ),
        "SAFE": ("sikker", "jeg er i sikkerhed", "vi er i sikkerhed", "jeg er ok"),
        "YES": ("ja", "forstået", "ja tak", "okay"),
        "REPORT": (
            "meld vand på vejen", "jeg ser røg over byen",
            "rapport brand i skov",
        ),
        "LANG": ("sprog dansk", "sprog english"),
        "PLACE": ("sted odense", "jeg bor i aarhus", "flyttet aalborg"),
        "UNCLEAR": ("hej", "hvem er det", "tak", "god morgen", "forkert nummer"),
    },
    "fr": {
        "STOP": ("stop", "arrêtez", "stop svp", "plus de messages", "annuler"),
        "START": ("commencer", "reprendre", "reprendre svp"),
        "JOIN": ("inscription", "m'inscrire", "inscrire"),
        "STATUS": ("statut", "mon statut"),
        "INFO": ("info", "infos", "infos svp", "alertes"),
        "HELP": (
            "aide", "au secours", "aidez-moi", "aidez-nous", "besoin d'aide",
            "j'ai besoin d'aide", "au secours nous sommes sur le toit",
            "aidez-moi ma mère ne marche pas", "l'eau monte au secours",
        ),
        "SAFE": ("je suis en sécurité", "nous sommes en sécurité", "en sécurité merci"),
        "YES": ("oui", "compris", "j'ai compris", "oui merci", "d'accord"),
        "REPORT": ("signaler un incendie au marché", "je vois de la fumée"),
        "LANG": ("langue français", "langue english"),
        "PLACE": ("lieu lyon", "adresse nantes", "j'habite à lille"),
        "UNCLEAR": ("bonjour", "qui est-ce", "merci", "quoi", "bonsoir", "faux numéro"),
    },
    "es": {
        "STOP": ("baja", "parar", "cancelar", "no más mensajes", "baja por favor"),
        "START": ("empezar", "reanudar"),
        "JOIN": ("alta", "registrarme", "inscribirme", "alta por favor"),
        "STATUS": ("estado", "mi estado"),
        "INFO": ("info", "información", "avisos", "información por favor"),
        "HELP": (
            "ayuda", "socorro", "auxilio", "ayúdenme", "necesito ayuda",
            "necesitamos ayuda en la escuela", "ayuda estamos en el techo",
            "el agua sube ayuda",
        ),
        "SAFE": ("a salvo", "estoy a salvo", "estamos bien", "estoy bien gracias"),
        "YES": ("sí", "entendido", "sí gracias", "de acuerdo"),
        "REPORT": ("reporte incendio en el mercado", "veo humo en la calle"),
        "LANG": ("idioma español", "idioma english"),
        "PLACE": ("lugar lima", "vivo en quito", "dirección cusco"),
        "UNCLEAR": ("hola", "quién es", "gracias", "qué", "buenos días"),
    },
    "vi": {
        "STOP": ("dừng", "dừng lại", "hủy đăng ký", "ngừng", "dừng lại làm ơn"),
        "START": ("bắt đầu", "nhận lại"),
        "JOIN": ("đăng ký", "tham gia", "xin đăng ký"),
        "STATUS": ("trạng thái", "tình trạng"),
        "INFO": ("thông tin", "tin tức", "cảnh báo"),
        "HELP": (
            "cứu tôi", "cứu với", "giúp tôi", "cần giúp đỡ", "tôi cần giúp đỡ",
            "cứu với nước vào nhà", "giúp tôi mẹ tôi không đi được",
        ),
        "SAFE": ("an toàn", "tôi an toàn", "chúng tôi an toàn"),
        "YES": ("vâng", "đã hiểu", "hiểu rồi", "tôi đã hiểu"),
        "REPORT": ("báo cáo cháy ở chợ", "tôi thấy khói"),
        "LANG": ("ngôn ngữ tiếng việt", "ngôn ngữ english"),
        "PLACE": ("nơi ở hà nội", "tôi ở huế", "địa chỉ đà nẵng"),
        "UNCLEAR": ("xin chào", "ai đó", "cảm ơn", "cái gì"),
    },
    "ar": {
        "STOP": ("توقف", "أوقف", "إلغاء الاشتراك", "توقف من فضلك", "إيقاف"),
        "START": ("ابدأ", "استئناف"),
        "JOIN": ("اشترك", "سجلني", "تسجيل", "سجلني من فضلك"),
        "STATUS": ("حالة", "حالتي"),
        "INFO": ("معلومات", "أخبار", "تحذيرات"),
        "HELP": (
            "مساعدة", "النجدة", "ساعدوني", "أحتاج مساعدة", "أنقذونا",
            "ساعدونا نحن على السطح", "النجدة الماء في البيت", "نحتاج مساعدة",
        ),
        "SAFE": ("أنا بأمان", "نحن بأمان", "أنا بخير", "أنا بخير شكرا"),
        "YES": ("نعم", "فهمت", "نعم شكرا", "حسنا"),
        "REPORT": ("بلاغ حريق في السوق", "أرى دخان"),
        "LANG": ("لغة العربية", "لغة english"),
        "PLACE": ("مكان القاهرة", "أسكن في عمان", "عنوان بغداد"),
        "UNCLEAR": ("مرحبا", "من هذا", "شكرا", "ماذا"),
    },
    "km": {
        "STOP": ("ឈប់", "សូមឈប់", "ឈប់ផ្ញើ", "បញ្ឈប់", "chhop"),
        "START": ("ចាប់ផ្តើម", "បន្ត", "សូមចាប់ផ្តើម"),
        "JOIN": ("ចុះឈ្មោះ", "សូមចុះឈ្មោះ", "ចូលរួម"),
        "STATUS": ("ស្ថានភាព",),
        "INFO": ("ព័ត៌មាន", "សូមព័ត៌មាន", "ដំណឹង"),
        "HELP": (
            "ជួយ", "សូមជួយ", "ជួយផង", "ត្រូវការជំនួយ", "ខ្ញុំត្រូវការជំនួយ", "សូមជួយផង ទឹកចូលផ្ទះ",
            "ជួយ ម្តាយខ្ញុំដើរមិនបាន",
        ),
        "SAFE": ("មានសុវត្ថិភាព", "ខ្ញុំមានសុវត្ថិភាព", "សុខសប្បាយ"),
        "YES": ("បាទ", "ចាស", "យល់ហើយ", "បានយល់"),
        "REPORT": ("រាយការណ៍ ភ្លើងឆេះផ្សារ", "ខ្ញុំឃើញ ផ្សែង"),
        "LANG": ("ភាសា ខ្មែរ", "ភាសា english"),
        "PLACE": ("ទីកន្លែង តាខ្មៅ", "ទីតាំង កណ្ដាល", "ខ្ញុំនៅ កំពត"),
        "UNCLEAR": ("ជម្រាបសួរ", "នរណា", "អរគុណ", "អ្វី"),
    },
}  # fmt: skip
