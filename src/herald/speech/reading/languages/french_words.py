"""Abbreviations, acronyms and everyday words of French. Keys are in lower case."""

from herald.speech.reading.languages.romance_words import PROVIDERS, RomanceWords
from herald.speech.reading.table import words

FRENCH_ABBREVIATIONS: dict[str, str] = {
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

FRENCH_BEFORE_NUMBER: dict[str, str] = {
    "no": "numéro", "no.": "numéro", "nº": "numéro", "p.": "page", "pp.": "pages", "art.": "article",
    "al.": "alinéa", "chap.": "chapitre", "vol.": "volume", "fig.": "figure", "apt.": "appartement",
    "apt": "appartement", "app.": "appartement", "app": "appartement", "appt.": "appartement", "appt": "appartement",
    "bât.": "bâtiment", "bât": "bâtiment", "bat.": "bâtiment", "esc.": "escalier", "esc": "escalier",
    "bur.": "bureau", "ch.": "chambre", "cab.": "cabinet", "env.": "environ", "tél": "téléphone",
    "tél.": "téléphone", "tel": "téléphone", "tel.": "téléphone", "réf": "référence", "réf.": "référence",
    "qté": "quantité", "qté.": "quantité", "lgt": "logement", "pte": "porte", "voit.": "voiture", "dép.": "département",
    "ind.": "indice", "alt.": "altitude", "t.": "tome", "ext.": "poste",
    "ép.": "épaisseur", "art": "article", "mag.": "magnitude",
    "prof.": "profondeur", "gr.": "groupe", "num.": "numéro", "log.": "logement", "lat.": "latitude", "cap.": "capital",
    "arts.": "articles", "ann.": "annexe", "tab.": "tableau",
}  # fmt: skip

FRENCH_CHAT: dict[str, str] = {
    "dr": "docteur", "mme": "madame", "mmes": "mesdames", "mlle": "mademoiselle", "mlles": "mesdemoiselles",
    "rdv": "rendez-vous", "rdvs": "rendez-vous", "rv": "rendez-vous", "fcfa": "francs C F A",
    "svp": "s'il vous plaît", "stp": "s'il te plaît", "bjr": "bonjour", "bsr": "bonsoir", "bcp": "beaucoup",
    "cdlt": "cordialement", "cdt": "cordialement", "qqn": "quelqu'un", "qqch": "quelque chose", "càd": "c'est-à-dire",
    "qté": "quantité", "tjs": "toujours", "tlj": "tous les jours", "pdt": "pendant", "jr": "jour", "jrs": "jours",
    "msg": "message", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard", "rte": "route", "fbg": "faubourg",
    "fg": "faubourg", "bât": "bâtiment", "dte": "droite", "gche": "gauche", "arrt": "arrondissement",
    "arrdt": "arrondissement", "tél": "téléphone", "réf": "référence", "cmde": "commande", "cde": "commande",
    "phcie": "pharmacie", "sté": "société", "éts": "établissements", "ets": "établissements", "cie": "compagnie",
    "ttc": "toutes taxes comprises", "htva": "hors T V A", "tvac": "T V A comprise", "c/o": "chez",
    "a/r": "aller-retour", "tle": "terminale", "tx": "taxes", "mdp": "mot de passe",
    "slt": "salut", "dsl": "désolé", "pb": "problème", "pbs": "problèmes",
    "gge": "garage", "sdb": "salle de bains", "pce": "pièce",
    "bte": "boîte", "chbre": "chambre", "chbres": "chambres",
    "chq": "chèque", "chqs": "chèques", "avt": "avant", "cf": "confer", "etc": "et cetera",
    "cts": "centimes", "pkg": "parking",
    "h/f": "homme ou femme", "km/h": "kilomètres par heure",
}  # fmt: skip

FRENCH_ACRONYMS_SAID = words(
    "PAC NAF OTAN ONU UNESCO UNICEF NASA SIDA COVID SAMU SIM PIN PUK ZAC ZEP CAF CAP CAC SMIC PACS INSEE INSERM ADEME "
    "ENA FIFA UEFA RAM RIB BIC IBAN TIP GAB LED AXA BAC DOM TOM"
)

FRENCH_ACRONYMS_SPELLED = words(
    "TVA SMS RDV SNCF RATP EDF GDF CB TTC HT CDI CDD RH PDF URL USA UE ONG PME TGV RER TER BNP LCL SFR CPAM MSA "
    "IRM ECG PCR VIP CV TV PC FAQ CEO PDG OK VTC WC QR API IA AM PM RTT CE CSE DAB ADN VIH NIR TA SA "
    "EU LRAR TAEG SARL EURL ADSL HDMI MGEN ANTS AESH BPCO OPCVM UNSS "
    "VOSTFR VOST ADMR AEEH DPAE FCPE CPGE EPCI CCAS BAFD SCPI EIRL "
    "IMC APL RSA SAV ORL OTP MAJ IUT CPE APE EPS UV AOC AOP IGP AG ALD ARS SAAQ IDFM ASSE"
)
"""Including those that could be words by their vowels."""

FRENCH_COMMON = words(
    "a à au aux ce ces de des du en et est eu il ils je la le les lui ma me mes mon ne ni nos ou où on "
    "par pas peu pour qui que sa se ses si son sur ta te tes toi tu un une va vos vous y plus tous tout très non oui "
    "ici jour mois an ans bon bonne cher mardi jeudi info avec dans sans sous offre prix gratuit urgent merci "
    "attention important nouveau rue bis ter noel noël bio eau gaz bus ski art vin thé fin vol sud "
    "kit lot top web mer bar feu jeu clé mai six dix été vie jus riz sel pro duo max net car spa pub fax moi lui "
    "eux dès"
)

FRENCH_OPENERS = words(
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
    "terrasse piscine baignoire cuisine clef alarme caméra région commune avenue cantine aide imprimante preuve "
    "prime rente saison période phase victime star majuscule minuscule colonne case cellule liste base plainte "
    "panne piqûre pilule capsule bande seringue radio analyse greffe jambe épaule côte entorse fièvre grippe "
    "boisson viande poire usine vitrine machine prune olive amande figue gaufre saucisse huître casserole poêle "
    "veste sandale écharpe bague chemise cliente patiente candidate assistante adhérente étudiante voisine cousine "
    "nièce tante mère messe gamme plateforme forme norme ferme serre plante rose fleur graine herbe plaque vanne "
    "pompe cuve benne palme coupe manche finale balle règle loi clause virgule marge trace cible étude enquête "
    "bourse épreuve langue vague voile corde barre canne toile"
)
"""Feminine nouns whose plural ends in s."""

WORDS = RomanceWords(
    feminine=_FEMININE
    | {f"{noun}s" for noun in _FEMININE}
    | words(
        "page pages heure heures minute minutes seconde secondes semaine semaines fois nuit nuits personne "
        "personnes chambre chambres "
        "voiture place places table tables ligne lignes adresse adresses carte cartes commande commandes "
        "demande demandes offre offres "
        "tonne tonnes livre livres calorie calories tâche tâches boîte boîtes bouteille bouteilles tasse "
        "tasses part parts fin rue rues ville villes mise mises "
        "vente ventes dette dettes perte pertes alerte alertes remise remises bonne bonnes nouvelle nouvelles "
        "grande grandes petite petites autre "
        "étape étapes lettre lettres fille filles femme femmes classe classes pièce pièces dose doses tranche "
        "tranches zone zones "
        "couronne couronnes roupie roupies image images photo photos vidéo vidéos réponse réponses tentative "
        "tentatives dernière dernières gélule gélules goutte gouttes ampoule ampoules once onces formule formules "
        "école écoles date dates somme sommes porte portes montre montres clé clés étoile étoiles équipe équipes "
        "banque banques course courses note notes pile piles robe robes jupe jupes paire paires roue roues fenêtre "
        "fenêtres pomme pommes lampe lampes salle salles taxe taxes charge charges fête fêtes annonce annonces source "
        "sources main mains dent dents dame dames sœur sœurs soeur soeurs cuillère cuillères crème crèmes amende "
        "amendes enveloppe enveloppes conso consos résa résas offerte offertes gratuite gratuites "
        "promo promos appli applis pub pubs mensualité mensualités rencontre rencontres"
    )
    - words("autre livres livre"),
    masculine=words(
        "million milliard incendie génie parapluie foie musée lycée trophée comité été silence site sites "
        "satellite satellites mérite "
        "stade stades grade grades dimanche dimanches domaine domaines chemise capitaine gorille parcours "
        "mètres litre père frère "
        "caractère caractères critère critères mystère ministère cimetière dixième murmure mercure "
        "invité invités hélicoptère hélicoptères camarade "
        "malade malades"
    )
    - {"chemise"},
    clock_words=words("à vers dès"),
    phone_words=words(
        "appelez appeler appelle composez téléphone téléphonez tél tel contactez joindre joignez rappelez numéro au"
    ),
    no_nouns=words("autre"),
    slash="slash",
    number_word="numéro",
    chapters=words(
        "chapitre chap cl cat art vol tome volume acte scène partie annexe article titre phase type catégorie niveau "
        "classe guerre section"
    ),
    known_names=PROVIDERS,
    starters=words(
        "ier ire de x c-à-d fr mal lt amal dép vs ds pr qd ts ttes tps apm pj tx nb pte vtre ntre pls auj mtn tt tte "
        "ret tel port min km kg kms kgs kwh s gd gde gds gdes ouv ord extraord hab nos r h "
        "lu ve sa di lu-ve lu-sa lu-di lu-je ma-ve ma-sa me-ve je-ve ve-sa sa-di "
        "vol rdc dt ap-midi l'ap-midi ap "
        "ss-sol exp j cc hc ht fai mi-sept "
        "mi-janv mi-fév mi-févr mi-avr mi-juil mi-juill mi-oct mi-nov mi-déc petit-déj petit-dej"
    ),
)
