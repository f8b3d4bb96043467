//! Word lists for names and descriptions of made-up training, in English and French.
//!
//! The lists are short on purpose, since the page's program contains them.

use crate::plan::draw::Draw;

/// A text in English and in French.
pub(super) type InTwoLanguages = (&'static str, &'static str);

/// Topics of training, and the lessons that go with them.
struct Subject {
    topics: &'static [InTwoLanguages],
    lessons: &'static [InTwoLanguages],
}

const PRODUCTS: Subject = Subject {
    topics: &[
        ("Skincare", "Soin de la peau"),
        ("Makeup", "Maquillage"),
        ("Fragrance", "Parfum"),
        ("Haircare", "Soin des cheveux"),
        ("Bath & Body", "Bain et corps"),
        ("Lip Care", "Soin des lèvres"),
        ("Sun Care", "Protection solaire"),
        ("Nails", "Ongles"),
    ],
    lessons: &[
        ("Reading an Ingredient List", "Lire une liste d’ingrédients"),
        ("Finding the Right Shade", "Trouver la bonne teinte"),
        ("Building a Routine", "Créer une routine"),
        ("Myths and Facts", "Mythes et réalités"),
        ("New This Season", "Nouveautés de la saison"),
        ("Bestsellers in Depth", "Les meilleures ventes en détail"),
        ("Advice for Sensitive Skin", "Conseils pour les peaux sensibles"),
        ("Textures and Finishes", "Textures et finis"),
        ("From Sample to Sale", "De l’échantillon à la vente"),
        ("Hygiene at the Testers", "L’hygiène des testeurs"),
        ("Layering Products", "Superposer les produits"),
        ("Five Questions Clients Ask", "Cinq questions de la clientèle"),
        ("The Basics", "Les bases"),
        ("Application Techniques", "Techniques d’application"),
        ("Explaining Active Ingredients", "Expliquer les ingrédients actifs"),
    ],
};

const STORE: [Subject; 4] = [
    Subject {
        topics: &[("Client Service", "Service à la clientèle")],
        lessons: &[
            ("Servicing Multiple Clients", "Servir plusieurs clientes à la fois"),
            ("The First Thirty Seconds", "Les trente premières secondes"),
            ("Suggesting One More Product", "Suggérer un produit de plus"),
            ("Listening Before Selling", "Écouter avant de vendre"),
            ("Calming an Upset Client", "Apaiser une cliente mécontente"),
            ("Booking a Service", "Réserver un service"),
        ],
    },
    Subject {
        topics: &[("Cash Desk", "Caisse")],
        lessons: &[
            ("Handling a Return", "Traiter un retour"),
            ("Signing Up a New Member", "Inscrire un nouveau membre"),
            ("Wrapping a Gift", "Emballer un cadeau"),
        ],
    },
    Subject {
        topics: &[("Store Operations", "Activités du magasin")],
        lessons: &[
            ("Opening the Store", "Ouvrir le magasin"),
            ("Closing the Store", "Fermer le magasin"),
            ("Preparing a Delivery", "Préparer une livraison"),
            ("Preventing Loss", "Prévenir les pertes"),
        ],
    },
    Subject {
        topics: &[("Leadership", "Leadership")],
        lessons: &[
            ("Giving Useful Feedback", "Donner une rétroaction utile"),
            ("Coaching on the Floor", "Accompagner l’équipe sur le plancher"),
            ("Planning the Week", "Planifier la semaine"),
        ],
    },
];

/// Optional suffixes of a name.
const ENDINGS: [InTwoLanguages; 6] = [
    (" in 3 Minutes", " en 3 minutes"),
    (", Part 1", ", partie 1"),
    (", Part 2", ", partie 2"),
    (" (Refresher)", " (rappel)"),
    (" (Holiday)", " (Fêtes)"),
    (" – Quick Tips", " – conseils éclair"),
];

/// Suffixes of course names, after the topic.
const COURSE_KINDS: [InTwoLanguages; 5] = [
    ("Foundations", "notions de base"),
    ("Expert", "niveau expert"),
    ("Onboarding", "intégration"),
    ("Certification", "certification"),
    ("Essentials", "l’essentiel"),
];

/// Names of modules, by position in the course.
const MODULE_NAMES: [&str; 5] = ["Introduction", "Know It", "Practice", "On the Floor", "Check Your Knowledge"];

/// Sentences of descriptions. They contain commas, quotes and accents on purpose, to exercise readers.
const SENTENCES: [InTwoLanguages; 9] = [
    ("Greet the client: say \"hello\" first.", "Accueillez la cliente : dites « bonjour » d’abord."),
    ("Ask open questions, listen, then recommend.", "Posez des questions ouvertes, écoutez, puis conseillez."),
    ("You will practice with a colleague.", "Vous pratiquerez avec un ou une collègue."),
    ("Learn what to say when a client asks \"is it for me?\"", "Sachez répondre à « est-ce pour moi ? »"),
    ("Three steps: prepare, apply, finish.", "Trois étapes : préparer, appliquer, fixer."),
    ("Watch the video, then answer two questions.", "Regardez la vidéo, puis répondez à deux questions."),
    ("Keep testers clean, closed, and in place.", "Gardez les testeurs propres, fermés et à leur place."),
    ("Remember: no pressure, just advice.", "N’oubliez pas : conseillez, sans insister."),
    ("It takes 5 minutes.", "Durée : 5 minutes."),
];

/// Coaching notes of the recommender.
const COACHING_NOTES: [InTwoLanguages; 3] = [
    ("Nice work this week! These lessons build on it.", "Beau travail cette semaine! Ces leçons vont plus loin."),
    ("Your clients ask for advice, so start here.", "Votre clientèle veut des conseils : commencez ici."),
    ("A few minutes of learning, a better consultation.", "Quelques minutes de formation, un meilleur conseil."),
];

/// A made-up name in English and French, with its topic.
pub(super) struct Name {
    /// The topic, for tags.
    pub(super) topic: &'static str,
    /// The name in English.
    pub(super) english: String,
    /// The name in French.
    pub(super) french: String,
}

/// Draws the name of a content.
pub(super) fn content_name(draw: &mut Draw) -> Name {
    let field = field(draw);
    let (topic, french_topic) = one_of(draw, field.topics);
    let (lesson, french_lesson) = one_of(draw, field.lessons);
    let (ending, french_ending) = if draw.happens(1, 2) { one_of(draw, &ENDINGS) } else { InTwoLanguages::default() };
    if draw.happens(1, 4) {
        return Name { topic, english: [lesson, ending].concat(), french: [french_lesson, french_ending].concat() };
    }
    Name {
        topic,
        english: [topic, ": ", lesson, ending].concat(),
        french: [french_topic, " : ", french_lesson, french_ending].concat(),
    }
}

/// Draws the name of a course.
pub(super) fn course_name(draw: &mut Draw) -> Name {
    let field = field(draw);
    let (topic, french_topic) = one_of(draw, field.topics);
    let (kind, french_kind) = one_of(draw, &COURSE_KINDS);
    Name { topic, english: [topic, " ", kind].concat(), french: [french_topic, ", ", french_kind].concat() }
}

/// The name of a module, by its position in the course.
pub(super) fn module_name(position: usize) -> &'static str {
    MODULE_NAMES[position % MODULE_NAMES.len()]
}

/// Draws a description of one to three sentences, in English and French. Some contain line breaks, LF or CRLF.
pub(super) fn description(draw: &mut Draw) -> (String, String) {
    let first = usize::try_from(draw.below(SENTENCES.len() as u64)).unwrap_or(0);
    let count = usize::try_from(draw.between(1, 3)).unwrap_or(1);
    let sentences = SENTENCES.iter().cycle().skip(first).take(count).copied();
    let between = match draw.below(10) {
        0..=4 => " ",
        5..=7 => "\n",
        _ => "\r\n",
    };
    let (english, french): (Vec<&str>, Vec<&str>) = sentences.unzip();
    (english.join(between), french.join(between))
}

/// A coaching note in English and in French.
pub(super) fn coaching_note(draw: &mut Draw) -> InTwoLanguages {
    one_of(draw, &COACHING_NOTES)
}

fn field(draw: &mut Draw) -> &'static Subject {
    if draw.happens(3, 4) { &PRODUCTS } else { draw.one_of(&STORE).unwrap_or(&PRODUCTS) }
}

fn one_of(draw: &mut Draw, pairs: &[InTwoLanguages]) -> InTwoLanguages {
    draw.one_of(pairs).copied().unwrap_or_default()
}
