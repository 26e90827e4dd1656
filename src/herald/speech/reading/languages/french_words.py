"""Abbreviations, names, units and currencies of French. Keys are in lower case, but symbols."""

from herald.speech.reading.table import Currency, RomanceWords, spread, words

ABBREVIATIONS: dict[str, str] = {
    "prob.": "probabilité", "sim.": "similaire", "suiv.": "suivantes", "déb.": "débattre",
    "etc.": "et cetera", "p.ex.": "par exemple", "ex.": "exemple", "cf.": "confer", "c.à.d.": "c'est-à-dire",
    "c.a.d.": "c'est-à-dire", "càd.": "c'est-à-dire", "s.v.p.": "s'il vous plaît", "r.a.s.": "rien à signaler",
    "p.-s.": "post-scriptum", "s.a.": "S A", "env.": "environ", "max.": "maximum", "min.": "minimum",
    "moy.": "moyenne", "apr.": "après", "incl.": "inclus", "suppl.": "supplémentaire", "supp.": "supplémentaire",
    "qq.": "quelques",
    "tél.": "téléphone", "tel.": "téléphone", "adr.": "adresse", "rdv.": "rendez-vous", "réf.": "référence",
    "ref.": "référence", "éd.": "édition", "chap.": "chapitre", "unit.": "unitaire", "sem.": "semaine",
    "trim.": "trimestre", "resp.": "responsable", "gén.": "général", "niv.": "niveau", "coeff.": "coefficient",
    "coef.": "coefficient", "remb.": "remboursement", "scol.": "scolaire", "doc.": "document", "cl.": "classe",
    # Addresses
    "app.": "appartement", "appt.": "appartement", "arr.": "arrivée", "arrt.": "arrondissement",
    "arrdt.": "arrondissement", "bât.": "bâtiment", "boul.": "boulevard", "bd.": "boulevard", "bld.": "boulevard",
    "blvd.": "boulevard", "av.": "avenue", "ave.": "avenue", "pl.": "place", "imp.": "impasse", "all.": "allée",
    "chem.": "chemin", "sq.": "square", "rte.": "route", "fg.": "faubourg", "fbg.": "faubourg", "rés.": "résidence",
    "résid.": "résidence", "esc.": "escalier", "ét.": "étage", "bur.": "bureau", "dép.": "département",
    "cat.": "catégorie", "th.": "thermostat",
    "dépt.": "département", "st.": "saint", "ste.": "sainte", "hab.": "habitants", "pers.": "personnes",
    # Shops, health, accounts
    "serv.": "service", "mag.": "magasin", "pharm.": "pharmacie", "lab.": "laboratoire", "ord.": "ordonnance",
    "conso.": "consommation", "dispo.": "disponible", "fact.": "facture", "livr.": "livraison", "cde.": "commande",
    "cmde.": "commande", "éch.": "échéance", "prélèv.": "prélèvement", "qté.": "quantité", "déj.": "déjeuner",
    "prof.": "professeur", "asc.": "ascenseur", "copro.": "copropriété", "vac.": "vacances", "clim.": "climatisation",
    "mar.": "mardi", "ext.": "extérieur", "int.": "intérieur", "oblig.": "obligatoire", "réd.": "réduit",
    "cotis.": "cotisation", "méd.": "médical", "assist.": "assistant", "adm.": "administratif", "enf.": "enfant",
    "abo.": "abonnement", "électr.": "électrique", "val.": "valeur", "soc.": "social", "ép.": "épouse",
    "assoc.": "association", "féd.": "fédération",
    "inscr.": "inscription", "répét.": "répétition", "mens.": "mensuel",
    "fréq.": "fréquence", "hospit.": "hospitalisation", "diam.": "diamètre", "nég.": "négatif",
    "compl.": "complémentaire", "obl.": "obligatoire",
    "résil.": "résiliation", "corresp.": "correspondance",
    "dir.": "direction", "poss.": "possible", "réappro.": "réapprovisionnement", "mén.": "ménage",
    "pisc.": "piscine", "temp.": "température",
    "rép.": "réponse", "embarq.": "embarquement", "enreg.": "enregistrement", "congél.": "congélateur",
    "décl.": "déclaration", "assur.": "assurance", "comm.": "commission", "cond.": "conditions", "inc.": "incident",
    "résol.": "résolution", "org.": "organisme", "étud.": "étudiant", "justif.": "justificatif", "prép.": "préparation",
    "raf.": "rafales", "prot.": "protéines", "gluc.": "glucides", "lip.": "lipides", "prio.": "priorité",
    "dom.": "domicile", "imm.": "immeuble", "abs.": "absence", "conv.": "convocation", "cuis.": "cuisine",
    "ouv.": "ouvert", "gél.": "gélules", "vit.": "vitamine", "cp.": "comprimés", "cps.": "comprimés",
    "sach.": "sachets",
    # Dates
    "janv.": "janvier", "févr.": "février", "fév.": "février", "avr.": "avril", "juil.": "juillet", "juill.": "juillet",
    "oct.": "octobre", "nov.": "novembre", "déc.": "décembre", "lun.": "lundi", "mer.": "mercredi", "jeu.": "jeudi",
    "ven.": "vendredi", "merc.": "mercredi",
    "vend.": "vendredi", "sam.": "samedi", "dim.": "dimanche",
}  # fmt: skip

BEFORE_NUMBER: dict[str, str] = spread({
    "no|no.|nº|num.": "numéro", "p.": "page", "pp.": "pages", "art.|art": "article", "al.": "alinéa",
    "chap.": "chapitre", "vol.": "volume", "fig.": "figure", "apt.|apt|app.|app|appt.|appt": "appartement",
    "bât.|bât|bat.": "bâtiment", "esc.|esc": "escalier", "bur.": "bureau", "ch.": "chambre", "cab.": "cabinet",
    "env.": "environ", "tél|tél.|tel|tel.": "téléphone", "réf|réf.": "référence", "qté|qté.": "quantité",
    "lgt|log.": "logement", "pte": "porte", "voit.": "voiture", "dép.": "département", "ind.": "indice",
    "alt.": "altitude", "t.": "tome", "ext.": "poste", "ép.": "épaisseur", "mag.": "magnitude", "prof.": "profondeur",
    "gr.": "groupe", "lat.": "latitude", "cap.": "capital", "arts.": "articles", "ann.": "annexe", "tab.": "tableau",
})  # fmt: skip

CHAT: dict[str, str] = spread({
    "sce": "service",
    "dr": "docteur", "mme": "madame", "mmes": "mesdames", "mlle": "mademoiselle", "mlles": "mesdemoiselles",
    "rdv|rdvs|rv": "rendez-vous", "fcfa": "francs C F A", "svp": "s'il vous plaît", "stp": "s'il te plaît",
    "bjr": "bonjour", "bsr": "bonsoir", "bcp": "beaucoup", "cdlt|cdt": "cordialement", "qqn": "quelqu'un",
    "qqch": "quelque chose", "càd": "c'est-à-dire", "qté": "quantité", "tjs": "toujours", "tlj": "tous les jours",
    "pdt": "pendant", "jr": "jour", "jrs": "jours", "msg": "message", "bd|bld|blvd": "boulevard", "rte": "route",
    "fbg|fg": "faubourg", "bât": "bâtiment", "dte": "droite", "gche": "gauche", "arrt|arrdt": "arrondissement",
    "tél": "téléphone", "réf": "référence", "cmde|cde": "commande", "phcie": "pharmacie", "sté": "société",
    "éts|ets": "établissements", "cie": "compagnie", "ttc": "toutes taxes comprises", "htva": "hors T V A",
    "tvac": "T V A comprise", "c/o": "chez", "a/r": "aller-retour", "tle": "terminale", "tx": "taxes",
    "mdp": "mot de passe", "slt": "salut", "dsl": "désolé", "pb": "problème", "pbs": "problèmes", "gge": "garage",
    "sdb": "salle de bains", "pce": "pièce", "bte": "boîte", "chbre": "chambre", "chbres": "chambres", "chq": "chèque",
    "chqs": "chèques", "avt": "avant", "cf": "confer", "etc": "et cetera", "cts": "centimes", "pkg": "parking",
    "h/f": "homme ou femme", "km/h": "kilomètres par heure",
})  # fmt: skip

ACRONYMS_SAID = words(
    "PAC NAF OTAN ONU UNESCO UNICEF NASA SIDA COVID SAMU SIM PIN PUK ZAC ZEP CAF CAP CAC SMIC PACS INSEE INSERM ADEME "
    "ENA FIFA UEFA RAM RIB BIC IBAN TIP GAB LED AXA BAC DOM TOM"
)

ACRONYMS_SPELLED = words(
    "TVA SMS RDV SNCF RATP EDF GDF CB TTC HT CDI CDD RH PDF URL USA UE ONG PME TGV RER TER BNP LCL SFR CPAM MSA IRM "
    "ECG PCR VIP CV TV PC FAQ CEO PDG OK VTC WC QR API IA AM PM RTT CE CSE DAB ADN VIH NIR TA SA EU LRAR TAEG SARL "
    "EURL ADSL HDMI MGEN ANTS AESH BPCO OPCVM UNSS VOSTFR VOST ADMR AEEH DPAE FCPE CPGE EPCI CCAS BAFD SCPI EIRL IMC "
    "APL RSA SAV ORL OTP MAJ IUT CPE APE EPS UV AOC AOP IGP AG ALD ARS SAAQ IDFM ASSE"
)
"""Including those that could be words by their vowels."""

COMMON = words(
    "a à au aux ce ces de des du en et est eu il ils je la le les lui ma me mes mon ne ni nos ou où on par pas peu "
    "pour qui que sa se ses si son sur ta te tes toi tu un une va vos vous y plus tous tout très non oui ici jour mois "
    "an ans bon bonne cher mardi jeudi info avec dans sans sous offre prix gratuit urgent merci attention important "
    "nouveau rue bis ter noel noël bio eau gaz bus ski art vin thé fin vol sud kit lot top web mer bar feu jeu clé mai "
    "six dix été vie jus riz sel pro duo max net car spa pub fax moi lui eux dès"
)

OPENERS = words(
    "le la les un une des l' nous vous il elle ils elles je tu on ce cet cette ces mon ton son notre "
    "votre leur merci veuillez puis alors quand où que qui quoi pourquoi comment si mais et ou donc pour dans en à au "
    "aux de du sur par avec comme est sont appelez venez prenez rappelez répondez cliquez après avant bonjour bonsoir "
    "salut cher chère désolé bienvenue bonne bon aujourd'hui demain hier tout tous toutes chaque voici voilà nos vos "
    "ses leurs voir ensuite enfin contactez prévoir pensez présentez munissez infos"
)

FEMININE_ENDINGS = (
    "tion", "sion", "xion", "ette", "ée", "ance", "ence", "ité", "ie", "elle", "euse", "trice", "ère", "ure", "ise",
    "esse",    "ouche", "che", "aine", "ille", "ade", "ude", "ite",
)  # fmt: skip
"""Endings (without the s of the plural) of nouns and adjectives that are nearly always feminine."""

_FEMININE = words(
    "réunion vitre antenne chaîne brosse carafe soupe glace banane orange tomate carotte tarte pizza crêpe gousse "
    "botte brique caisse housse armoire commode borne gare rame moto remorque caravane tente villa maison cave "
    "terrasse piscine baignoire cuisine clef alarme caméra région commune avenue cantine aide imprimante preuve prime "
    "rente saison période phase victime star majuscule minuscule colonne case cellule liste base plainte panne piqûre "
    "pilule capsule bande seringue radio analyse greffe jambe épaule côte entorse fièvre grippe boisson viande poire "
    "usine vitrine machine prune olive amande figue gaufre saucisse huître casserole poêle veste sandale écharpe "
    "bague chemise cliente patiente candidate assistante adhérente étudiante voisine cousine nièce tante mère messe "
    "gamme plateforme forme norme ferme serre plante rose fleur graine herbe plaque vanne pompe cuve benne palme "
    "coupe manche finale balle règle loi clause virgule marge trace cible étude enquête bourse épreuve langue vague "
    "voile corde barre canne toile page heure minute seconde semaine nuit personne chambre place table ligne adresse "
    "carte commande demande offre tonne calorie tâche boîte bouteille tasse part rue ville mise vente dette perte "
    "alerte remise bonne nouvelle grande petite étape lettre fille femme classe pièce dose tranche zone couronne "
    "roupie image photo vidéo réponse tentative dernière gélule goutte ampoule once formule école date somme porte "
    "montre clé étoile équipe banque course note pile robe jupe paire roue fenêtre pomme lampe salle taxe charge fête "
    "annonce source main dent dame sœur soeur cuillère crème amende enveloppe conso résa offerte gratuite promo appli "
    "pub mensualité rencontre"
)
"""Feminine nouns whose plural ends in s."""

WORDS = RomanceWords(
    feminine=_FEMININE | {f"{noun}s" for noun in _FEMININE} | words("fois voiture fin"),
    masculine=words(
        "million milliard incendie génie parapluie foie musée lycée trophée comité été silence site sites satellite "
        "satellites mérite stade stades grade grades dimanche dimanches domaine domaines capitaine gorille parcours "
        "mètres litre père frère caractère caractères critère critères mystère ministère cimetière dixième murmure "
        "mercure invité invités hélicoptère hélicoptères camarade malade malades"
    ),
    clock_words=words("à vers dès"),
    phone_words=words(
        "appelez appeler appelle composez téléphone téléphonez tél tel contactez joindre joignez rappelez numéro au"
    ),
    no_nouns=words("autre"),
    chapters=words(
        "chapitre chap cl cat art vol tome volume acte scène partie annexe article titre phase type catégorie niveau "
        "classe guerre section"
    ),
    starters=words(
        "a-m ier ire de x c-à-d fr mal lt amal dép vs ds pr qd ts ttes tps apm pj tx nb pte vtre ntre pls auj mtn tt "
        "tte ret tel port min km kg kms kgs kwh s gd gde gds gdes ouv ord extraord hab nos r h lu ve sa di lu-ve lu-sa "
        "lu-di lu-je ma-ve ma-sa me-ve je-ve ve-sa sa-di vol rdc dt ap-midi l'ap-midi ap ss-sol exp j cc hc ht fai "
        "mi-sept mi-janv mi-fév mi-févr mi-avr mi-juil mi-juill mi-oct mi-nov mi-déc petit-déj petit-dej"
    ),
)

_EURO = Currency("euro", "euros", "centime", "centimes")
_AMERICAN = Currency("dollar américain", "dollars américains", "cent", "cents")
_CANADIAN = Currency("dollar canadien", "dollars canadiens", "cent", "cents")
_SWISS = Currency("franc suisse", "francs suisses", "centime", "centimes")
_FRANC = Currency("franc", "francs", "centime", "centimes")
_CFA = Currency("franc C F A", "francs C F A")
_YEN = Currency("yen", "yens")
_ROUBLE = Currency("rouble", "roubles", "kopeck", "kopecks")
_RUPEE = Currency("roupie", "roupies", gender="f")

CURRENCIES: dict[str, Currency] = spread({
    "€|EUR|eur": _EURO, "$": Currency("dollar", "dollars", "cent", "cents"), "US$|$US|USD": _AMERICAN,
    "CA$|C$|$CA|CAD": _CANADIAN, "£": Currency("livre", "livres", "penny", "pence", gender="f"),
    "GBP": Currency("livre sterling", "livres sterling", "penny", "pence", gender="f"), "CHF": _SWISS,
    "Fr.|fr.": _FRANC, "¥|JPY": _YEN, "CNY": Currency("yuan", "yuans"), "XOF|XAF|FCFA": _CFA,
    "MAD": Currency("dirham", "dirhams", "centime", "centimes"), "TND": Currency("dinar", "dinars"),
    "DZD": Currency("dinar", "dinars", "centime", "centimes"), "GNF": Currency("franc guinéen", "francs guinéens"),
    "CDF": Currency("franc congolais", "francs congolais"), "XPF": Currency("franc pacifique", "francs pacifiques"),
    "₽|RUB": _ROUBLE, "₹|INR": _RUPEE, "₺": Currency("livre turque", "livres turques", gender="f"),
    "PLN": Currency("zloty", "zlotys"), "SEK": Currency("couronne suédoise", "couronnes suédoises", gender="f"),
    "₿": Currency("bitcoin", "bitcoins"),
})  # fmt: skip

UNITS: dict[str, tuple[str, str]] = spread({
    "mm": ("millimètre", "millimètres"), "cm": ("centimètre", "centimètres"), "dm": ("décimètre", "décimètres"),
    "m": ("mètre", "mètres"), "km": ("kilomètre", "kilomètres"), "mi": ("mile", "miles"), "ha": ("hectare", "hectares"),
    "µm": ("micromètre", "micromètres"), "nm": ("nanomètre", "nanomètres"), "µg|mcg": ("microgramme", "microgrammes"),
    "ng": ("nanogramme", "nanogrammes"), "mg": ("milligramme", "milligrammes"), "g|gr": ("gramme", "grammes"),
    "kg": ("kilo", "kilos"), "t": ("tonne", "tonnes"), "lb": ("livre", "livres"), "oz": ("once", "onces"),
    "µl|µL": ("microlitre", "microlitres"), "ml|mL": ("millilitre", "millilitres"),
    "cl|cL": ("centilitre", "centilitres"), "dl|dL": ("décilitre", "décilitres"), "l|L": ("litre", "litres"),
    "hl": ("hectolitre", "hectolitres"), "mmol": ("millimole", "millimoles"), "µmol": ("micromole", "micromoles"),
    "mol": ("mole", "moles"), "UI|U": ("unité", "unités"), "mUI": ("milli-unité", "milli-unités"), "CH": ("C H", "C H"),
    "mmHg": ("millimètre de mercure", "millimètres de mercure"),
    "cmHg": ("centimètre de mercure", "centimètres de mercure"),
    "bpm": ("battement par minute", "battements par minute"), "cp|cps|cpr|comp": ("comprimé", "comprimés"),
    "gél|gel": ("gélule", "gélules"), "gtte|gttes|gtt": ("goutte", "gouttes"), "sach": ("sachet", "sachets"),
    "amp": ("ampoule", "ampoules"), "supp": ("suppositoire", "suppositoires"), "inj": ("injection", "injections"),
    "cac|càc": ("cuillère à café", "cuillères à café"), "càs": ("cuillère à soupe", "cuillères à soupe"),
    "ms": ("milliseconde", "millisecondes"), "s|sec": ("seconde", "secondes"), "min|mn": ("minute", "minutes"),
    "h": ("heure", "heures"), "j|jr|jrs": ("jour", "jours"), "sem": ("semaine", "semaines"), "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"), "MW": ("mégawatt", "mégawatts"), "GW": ("gigawatt", "gigawatts"),
    "Wc": ("watt-crête", "watts-crête"), "kWc": ("kilowatt-crête", "kilowatts-crête"),
    "Wh": ("wattheure", "wattheures"), "kWh|kwh|KWh": ("kilowattheure", "kilowattheures"),
    "MWh": ("mégawattheure", "mégawattheures"), "kVA": ("K V A", "K V A"), "V": ("volt", "volts"),
    "A": ("ampère", "ampères"), "mA": ("milliampère", "milliampères"),
    "mAh": ("milliampère-heure", "milliampères-heures"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("mégahertz", "mégahertz"), "GHz": ("gigahertz", "gigahertz"), "Pa": ("pascal", "pascals"),
    "hPa": ("hectopascal", "hectopascals"), "bar": ("bar", "bars"), "dB": ("décibel", "décibels"),
    "J": ("joule", "joules"), "kJ": ("kilojoule", "kilojoules"), "cal": ("calorie", "calories"),
    "kcal": ("kilocalorie", "kilocalories"), "ch": ("cheval", "chevaux"), "Ko|ko|KB": ("kilo-octet", "kilo-octets"),
    "Mo|mo|MB": ("mégaoctet", "mégaoctets"), "go|Go|GB": ("gigaoctet", "gigaoctets"),
    "To|TB": ("téraoctet", "téraoctets"), "Mb|Mbit": ("mégabit", "mégabits"), "Gb|Gbit": ("gigabit", "gigabits"),
    "kbit": ("kilobit", "kilobits"), "Mbps": ("mégabit par seconde", "mégabits par seconde"),
    "Gbps": ("gigabit par seconde", "gigabits par seconde"), "°C": ("degré Celsius", "degrés Celsius"),
    "°F": ("degré Fahrenheit", "degrés Fahrenheit"), "°": ("degré", "degrés"), "px": ("pixel", "pixels"),
    "Mpx": ("mégapixel", "mégapixels"), "pt|pts": ("point", "points"), "pers": ("personne", "personnes"),
    "ad": ("adulte", "adultes"), "enf": ("enfant", "enfants"), "hab": ("habitant", "habitants"),
    "ex": ("exemplaire", "exemplaires"), "tr": ("tour", "tours"), "ct|cts": ("centime", "centimes"),
    "DH": ("dirham", "dirhams"), "DT|DA": ("dinar", "dinars"), "Ah": ("ampère-heure", "ampères-heures"),
    "Nm": ("newton-mètre", "newtons-mètres"), "NM": ("mille nautique", "milles nautiques"), "kt|kts": ("nœud", "nœuds"),
    "lm": ("lumen", "lumens"), "bte|btes": ("boîte", "boîtes"), "sdb": ("salle de bains", "salles de bains"),
    "chbre": ("chambre", "chambres"), "pce|pces|pcs": ("pièce", "pièces"),
})  # fmt: skip

PER_UNITS: dict[str, str] = spread({
    "h|heure": "heure", "j|jr|jour": "jour", "mois": "mois", "an": "an", "sem|semaine": "semaine", "nuit": "nuit",
    "pers|personne": "personne", "ad|adulte": "adulte", "enf|enfant": "enfant", "hab": "habitant", "élève": "élève",
    "séance": "séance", "unité": "unité", "pièce": "pièce", "min|mn": "minute", "s": "seconde", "kg": "kilo",
    "l": "litre", "dose": "dose", "prise": "prise", "appel": "appel", "sms": "S M S", "km": "kilomètre",
    "trim|trimestre": "trimestre", "place": "place", "lot": "lot", "bt": "bouteille", "bte": "boîte", "part": "part",
    "portion": "portion", "foyer": "foyer", "classe": "classe", "famille": "famille", "colis": "colis", "page": "page",
    "année": "année",
})  # fmt: skip
