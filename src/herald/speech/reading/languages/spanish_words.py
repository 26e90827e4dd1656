"""Abbreviations, names, units and currencies of Spanish. Keys are in lower case, but symbols."""

from herald.speech.reading.table import Currency, spread, words

ABBREVIATIONS: dict[str, str] = spread({
    "farm.": "farmacia", "prim.": "Primaria",
    "a.c.": "antes de Cristo", "d.c.": "después de Cristo", "a.m.": "de la mañana", "p.m.": "de la tarde",
    "s.a.": "S A", "s.l.": "S L", "c.p.|cp.": "código postal", "p.d.": "posdata", "s.e.u.o.": "salvo error u omisión",
    "b.o.e.": "B O E", "d.n.i.": "D N I", "r.u.c.": "R U C", "c.v.": "C V", "ee.uu.": "Estados Unidos",
    "rr.hh.": "recursos humanos", "ff.aa.": "Fuerzas Armadas", "jj.oo.": "Juegos Olímpicos", "p.ej.": "por ejemplo",
    "sr.": "señor", "sra.": "señora", "srta.": "señorita", "sres.": "señores", "sras.": "señoras", "dr.": "doctor",
    "dra.": "doctora", "dres.": "doctores", "dña.|d.ª": "doña", "prof.": "profesor", "profa.": "profesora",
    "ing.": "ingeniero", "lic.|lcdo.": "licenciado", "lcda.": "licenciada", "arq.": "arquitecto", "abg.": "abogado",
    "gral.": "general", "cap.": "capitán", "sto.": "santo", "sta.": "santa", "ud.|vd.": "usted", "uds.|vds.": "ustedes",
    "av.|avda.|avd.": "avenida", "pza.|pl.|plza.": "plaza", "ctra.|carr.": "carretera", "pº.|p.º": "paseo",
    "urb.": "urbanización", "edif.": "edificio", "esc.": "escalera", "izq.|izda.": "izquierda", "dcha.|der.": "derecha",
    "esq.": "esquina", "dpto.|depto.": "departamento", "apdo.": "apartado", "apto.": "apartamento",
    "prov.|pcia.": "provincia", "col.": "colonia", "admón.|admon.": "administración", "cía.|cia.": "compañía",
    "hnos.": "hermanos", "ltda.": "limitada", "aprox.": "aproximadamente", "vie.|vier.": "viernes", "dom.": "domingo",
    "etc.": "etcétera", "máx.|max.": "máximo", "mín.": "mínimo", "min.": "minutos", "hrs.|hs.": "horas",
    "seg.": "segundos", "tel.|tfno.|teléf.|telf.|tlfno.": "teléfono", "tels.|tfnos.": "teléfonos", "cel.": "celular",
    "móv.": "móvil", "ext.": "exterior", "fdo.": "firmado", "atte.": "atentamente", "ref.": "referencia",
    "vto.": "vencimiento", "fra.|fact.": "factura", "cta.": "cuenta", "cte.": "corriente", "imp.": "importe",
    "incl.|inc.": "incluido", "excl.": "excluido", "vs.": "versus", "gob.": "gobierno", "obs.": "observaciones",
    "ej.": "ejemplo", "lun.": "lunes", "mié.|miér.": "miércoles", "jue.": "jueves", "sáb.": "sábado", "ene.": "enero",
    "feb.": "febrero", "abr.": "abril", "jul.": "julio", "ago.": "agosto", "sept.": "septiembre", "oct.": "octubre",
    "nov.": "noviembre", "dic.": "diciembre", "mar.": "martes", "dto.|dcto.|desc.": "descuento", "cód.|cod.": "código",
    "pers.": "personas", "ntra.": "nuestra", "ntro.": "nuestro", "mtra.": "maestra", "mtro.": "maestro",
    "m.ª|ma.": "María", "m.n.": "moneda nacional", "comp.": "comprimidos", "cáps.": "cápsulas", "temp.": "temperatura",
    "dir.": "dirección", "pdte.": "pendiente", "fdez.": "Fernández", "hdez.": "Hernández", "glez.": "González",
    "mtez.|mtnez.": "Martínez", "rguez.|rdguez.": "Rodríguez", "gtz.": "Gutiérrez", "puls.": "pulsaciones",
    "disp.": "disponible", "exp.|expte.|exped.": "expediente", "mod.": "modelo", "excmo.": "excelentísimo",
    "excma.": "excelentísima", "ilmo.": "ilustrísimo", "ilma.": "ilustrísima", "ind.": "industrial", "parc.": "parcela",
    "dtra.": "directora", "dtor.": "director", "blvd.": "bulevar", "alc.": "alcaldía", "cd.|cdad.": "ciudad",
    "fracc.": "fraccionamiento", "edo.": "estado", "pp.|págs.": "páginas", "ayto.": "ayuntamiento", "prev.": "previa",
    "conv.": "convocatoria", "rvdo.": "reverendo", "bach.": "bachillerato", "prob.": "probabilidad", "lleg.": "llegada",
    "sal.": "salida", "tto.": "tratamiento", "próx.|prox.": "próximo", "trim.": "trimestre", "adj.": "adjunto",
    "cda.": "cucharada", "p.p.": "puntos porcentuales", "s.n.m.": "sobre el nivel del mar", "cra.": "carrera",
    "cll.": "calle", "méx.": "México", "ss.": "siguientes", "doc.": "documento", "hosp.": "hospital",
    "hab.": "habitación", "univ.": "universitario", "vda.": "viuda", "nal.": "nacional", "ntros.": "nuestros",
    "dcho.": "derecho", "mpio.": "municipio", "entlo.": "entresuelo", "pol.": "polígono", "p.i.": "polígono industrial",
    "pral.": "principal", "v.o.": "V O", "i.m.": "I M", "s.c.": "S C", "rte.": "restaurante", "háb.": "hábiles",
    "ord.": "ordinaria", "extraord.": "extraordinaria", "vit.": "vitamina", "láb.": "laborables", "matr.": "matrícula",
    "ff.cc.": "ferrocarriles", "rr.ss.": "redes sociales", "cc.aa.": "comunidades autónomas",
    "aa.pp.": "administraciones públicas", "dd.hh.": "derechos humanos", "jdo.": "juzgado", "instr.": "instrucción",
    "mons.": "monseñor", "hno.": "hermano", "fcia.": "farmacia", "efvo.": "efectivo", "jal.": "Jalisco",
    "oax.": "Oaxaca", "qro.": "Querétaro", "gto.": "Guanajuato", "mich.": "Michoacán", "chih.": "Chihuahua",
    "tamps.": "Tamaulipas", "mty.": "Monterrey", "n.l.": "Nuevo León", "cba.": "Córdoba", "m.o.": "mano de obra",
    "pág.": "página", "fac.": "facultad", "prog.": "programado", "gg.cc.": "gastos comunes", "psje.": "pasaje",
    "bco.": "banco", "pab.": "pabellón", "ced.": "cédula", "del.": "delegación", "inf.": "información",
    "calz.": "calzada", "serv.": "servicios", "gen.": "generación", "aniv.": "aniversario", "asc.": "ascensor",
    "pto.": "puerto", "int.": "interior",
})  # fmt: skip
"""With their dots, and without spaces."""

TITLES: dict[str, str] = {
    "sr": "señor", "sra": "señora", "srta": "señorita", "sres": "señores", "dr": "doctor", "dra": "doctora",
    "prof": "profesor", "ing": "ingeniero", "lic": "licenciado", "dña": "doña", "sto": "santo", "sta": "santa",
    "mr": "míster", "mrs": "mísis",
}  # fmt: skip
"""Before a name."""

BEFORE_NUMBER: dict[str, str] = spread({
    "nº|n°|no.|nro.|nro|núm.|num.": "número", "pág.|pag.|p.": "página", "págs.|pp.": "páginas", "art.": "artículo",
    "cap.": "capítulo", "vol.": "volumen", "fig.": "figura", "sec.": "sección", "tel.|tel|tlf|tlf.|tfno": "teléfono",
    "cel": "celular", "ext|ext.": "extensión", "hab.": "habitación", "apto": "apartamento", "cp|c.p.": "código postal",
    "máx": "máximo", "mín": "mínimo", "km.|km": "kilómetro", "pto.": "punto", "cons.": "consulta", "ej.": "ejercicio",
    "term.": "terminación", "sem.": "semana", "loc.": "local", "op.": "operación", "cat.": "categoría",
    "bl.|blq.": "bloque", "suc.": "sucursal", "arts.": "artículos", "res.": "resolución", "pta.": "puerta",
    "esc.": "escalera", "ref": "referencia", "fra": "factura", "of.|ofic.": "oficina", "expte.|exp.": "expediente",
    "int.": "interior", "mz.|mza.": "manzana", "lt.": "lote", "ptal.": "portal",
})  # fmt: skip
"""Abbreviations before a number only."""

CHAT: dict[str, str] = spread({
    "c/": "calle", "tfno|tlf": "teléfono", "aprox": "aproximadamente", "uds": "ustedes", "avda": "avenida",
    "s/n": "sin número", "etc": "etcétera", "admón": "administración", "dpto": "departamento", "p/": "para",
    "tª": "temperatura", "nº": "número", "s/": "sin", "e/": "entre", "mdp": "millones de pesos",
    "mdd": "millones de dólares", "c/u": "cada uno", "c/s": "cantidad suficiente", "pº": "paseo", "mª": "María",
    "dª": "doña", "dto|dcto": "descuento", "ddjj": "declaración jurada", "xq|pq": "porque", "xfa": "por favor",
    "tb|tmb|tbn": "también", "bss": "besos", "mñn": "mañana", "msj": "mensaje", "ccaa": "comunidades autónomas",
    "aapp": "administraciones públicas", "rrhh": "recursos humanos", "rrss": "redes sociales", "eeuu": "Estados Unidos",
    "jjoo": "Juegos Olímpicos", "ddhh": "derechos humanos", "dnd": "donde", "tqm": "te quiero mucho",
    "ntp": "no te preocupes", "abz": "abrazo", "wsp|wpp": "WhatsApp", "mtto|mantto": "mantenimiento",
    "finde": "fin de semana", "fdez": "Fernández", "hdez": "Hernández", "glez": "González", "rguez": "Rodríguez",
    "vto": "vencimiento",
})  # fmt: skip
"""Abbreviations without dots that have one meaning only."""

OPENERS = words(
    "el la los las un una unos unas yo tú usted ustedes nosotros él ella ellos su sus mi mis tu tus nuestro nuestra "
    "este esta estos estas ese esa por para favor gracias hola buenos buenas estimado estimada si no sí cuando "
    "donde qué quién cómo y o pero porque en a al de del con sin desde hasta antes después hoy mañana ayer ahora "
    "llame llámenos venga traiga pague responda pulse marque visite confirme envíe recuerde consulte haga tome es "
    "son está están ha han se le les nos todo toda todos todas cada solo también además luego entonces atención "
    "aviso nota siempre nunca más muy ya atentamente saludos tenga concepto saldo pedidos costo coste info "
    "información reservas entradas envío envíos oferta promoción válido válida vigencia acceda siga descargue llama "
    "llámanos pide pida ven escribe escríbenos reserva confirma recuerda evita disculpe lamentamos necesitamos debe "
    "puede quedan faltan salida llegada plazo motivo asunto nuevo nueva próximo próxima último última recoja acuda "
    "presente entregue retire evite dosis fecha hora precio total importe horario"
)
"""Words that begin a new sentence after an abbreviation."""

ACRONYMS_SAID = words(
    "NASA UNICEF UNESCO OPEP FIFA UEFA SIDA ONU OTAN OVNI UCI PIN SIM RAM GIF RENFE AVE ONCE ICEX IVA NIE NIF CIF "
    "IKEA VISA SEUR ICO MERCOSUR CEPAL INEM CUIT CUIL CURP TIE PAU ERTE ERE COVID PYME PYMES FIB BIC INE "
    "INFONAVIT IBI TAC OCU DANA AMPA SAT TAE TIN NIP SEP ADO UME NIT RUT OFF ON"
)
"""Said as words."""

ACRONYMS_SPELLED = words(
    "UE EEUU USA UK TV PC DNI SMS PDF QR URL USB CD DVD GPS VIP ISO IT ID CEO FBI CIA BBVA BCN SA SL SRL ADN AM "
    "PM DGT ITV BMW DHL UPS RTVE BOE RFC ATM CFE OK IA ABC API UTC GMT CV OMS ESO UNAM FMI PIB IRPF IP VPN LED USPS"
)
"""Said letter by letter."""

COMMON_CAPITALS = words(
    "a al ante con de del e el en es ha la las le les lo los mi mis me más ni no nos o por que se si sin su sus "
    "te tu tus u un una unos ver y ya yo va voy aquí cada casa como cita día días dos euros fin fue gratis hay "
    "hora hoy luz mar mes muy nuevo nueva oferta ola paga pago para plan pone red ruta sea ser será sido solo son "
    "sol tal tan ten tipo tres uno vez vía vida viva aviso atención importante urgente ahora último última ana eva paz "
    "leo noa sí tú él más qué día té allí ahí así ojo voz sol año años ida san seis diez mil cien una uno unas unos "
    "nos eso esa ese este esta bus app web les les fue era van"
)
"""Short words that are not acronyms if written in capitals."""


def _lower_too(currencies: dict[str, Currency]) -> dict[str, Currency]:
    """Add the codes in lower case: "5 usd". Those that are words in lower case are left out."""
    codes = {name.lower(): one for name, one in currencies.items() if name[0].isalpha() and name != "RON"}
    return {**codes, **currencies}


def _centavos(one: str, many: str) -> Currency:
    return Currency(one, many, "centavo", "centavos")


def _cents(one: str, many: str, gender: str = "") -> Currency:
    return Currency(one, many, "céntimo", "céntimos", gender)


PESO = _centavos("peso", "pesos")

CURRENCIES: dict[str, Currency] = _lower_too(
    spread(
        {
            "€|EUR": _cents("euro", "euros"),
            "$": _centavos("dólar", "dólares"),
            "US$|USD": _centavos("dólar estadounidense", "dólares estadounidenses"),
            "CAD": _centavos("dólar canadiense", "dólares canadienses"),
            "AUD": _centavos("dólar australiano", "dólares australianos"),
            "NZD": _centavos("dólar neozelandés", "dólares neozelandeses"),
            "HKD": _centavos("dólar de Hong Kong", "dólares de Hong Kong"),
            "SGD": _centavos("dólar de Singapur", "dólares de Singapur"),
            "£": Currency("libra", "libras", "penique", "peniques", "f"),
            "GBP": Currency("libra esterlina", "libras esterlinas", "penique", "peniques", "f"),
            "MX$|MXN": _centavos("peso mexicano", "pesos mexicanos"),
            "ARS|AR$": _centavos("peso argentino", "pesos argentinos"),
            "CLP": _centavos("peso chileno", "pesos chilenos"),
            "COP": _centavos("peso colombiano", "pesos colombianos"),
            "UYU": _centavos("peso uruguayo", "pesos uruguayos"),
            "CUP": _centavos("peso cubano", "pesos cubanos"),
            "RD$|DOP": _centavos("peso dominicano", "pesos dominicanos"),
            "PHP": _centavos("peso filipino", "pesos filipinos"),
            "₱": PESO,
            "S/|S/.|PEN": _cents("sol", "soles"),
            "Bs|Bs.|BOB": _centavos("boliviano", "bolivianos"),
            "VES": _cents("bolívar", "bolívares"),
            "Q|GTQ": _centavos("quetzal", "quetzales"),
            "HNL|L.": _centavos("lempira", "lempiras"),
            "NIO|C$": _centavos("córdoba", "córdobas"),
            "PAB|B/.": _centavos("balboa", "balboas"),
            "PYG|Gs.|Gs|₲": _cents("guaraní", "guaraníes"),
            "CRC|₡": _cents("colón", "colones"),
            "BRL": _centavos("real brasileño", "reales brasileños"),
            "R$": _centavos("real", "reales"),
            "AWG": _centavos("florín arubeño", "florines arubeños"),
            "ANG": _centavos("florín antillano", "florines antillanos"),
            "CHF": _cents("franco suizo", "francos suizos"),
            "¥": Currency("yen", "yenes"),
            "JPY": Currency("yen japonés", "yenes japoneses"),
            "CNY": Currency("yuan", "yuanes"),
            "₩": Currency("won", "wones"),
            "KRW": Currency("won surcoreano", "wones surcoreanos"),
            "₹|Rs": Currency("rupia", "rupias", "paisa", "paisas", "f", "f"),
            "INR": Currency("rupia india", "rupias indias", "paisa", "paisas", "f", "f"),
            "₽": Currency("rublo", "rublos", "kopek", "kopeks"),
            "RUB": Currency("rublo ruso", "rublos rusos", "kopek", "kopeks"),
            "₺": Currency("lira", "liras", gender="f"),
            "TRY": Currency("lira turca", "liras turcas", gender="f"),
            "₪|ILS": Currency("séquel", "séqueles"),
            "kr": Currency("corona", "coronas", gender="f"),
            "SEK": Currency("corona sueca", "coronas suecas", gender="f"),
            "NOK": Currency("corona noruega", "coronas noruegas", gender="f"),
            "DKK": Currency("corona danesa", "coronas danesas", gender="f"),
            "CZK": Currency("corona checa", "coronas checas", gender="f"),
            "PLN": Currency("esloti", "eslotis"),
            "RON": Currency("leu rumano", "leus rumanos"),
            "₧": _cents("peseta", "pesetas", "f"),
            "₿|BTC": Currency("bitcoin", "bitcoins"),
            "¢": Currency("centavo", "centavos"),
        }
    )
)

UNITS: dict[str, tuple[str, str]] = spread({
    "mm": ("milímetro", "milímetros"), "cm": ("centímetro", "centímetros"), "dm": ("decímetro", "decímetros"),
    "m|mts": ("metro", "metros"), "lt|lts|lts.|l|L": ("litro", "litros"), "pax|pers|pers.": ("persona", "personas"),
    "bot.": ("botella", "botellas"), "Mpx|MP": ("megapíxel", "megapíxeles"), "µL": ("microlitro", "microlitros"),
    "tz.|tzas.": ("taza", "tazas"), "sqft": ("pie cuadrado", "pies cuadrados"),
    "kVA": ("kilovoltamperio", "kilovoltamperios"), "Ah": ("amperio hora", "amperios hora"),
    "Wp": ("vatio pico", "vatios pico"), "ptas|ptas.": ("peseta", "pesetas"), "msj|msj.": ("mensaje", "mensajes"),
    "pg": ("picogramo", "picogramos"), "ng": ("nanogramo", "nanogramos"), "rec.": ("recámara", "recámaras"),
    "ses.": ("sesión", "sesiones"), "amb.": ("ambiente", "ambientes"), "Gb": ("gigabit", "gigabits"),
    "µUI": ("microunidad", "microunidades"), "mUI": ("miliunidad", "miliunidades"),
    "km|kms": ("kilómetro", "kilómetros"), "µm": ("micrómetro", "micrómetros"), "nm": ("nanómetro", "nanómetros"),
    "ha": ("hectárea", "hectáreas"), "ft": ("pie", "pies"), 'in.|"': ("pulgada", "pulgadas"), "yd": ("yarda", "yardas"),
    "mi": ("milla", "millas"), "mg": ("miligramo", "miligramos"), "µg|mcg": ("microgramo", "microgramos"),
    "g|gr": ("gramo", "gramos"), "kg|kgs": ("kilogramo", "kilogramos"), "t": ("tonelada", "toneladas"),
    "oz": ("onza", "onzas"), "lb|lbs": ("libra", "libras"), "ml|mL": ("mililitro", "mililitros"),
    "cl": ("centilitro", "centilitros"), "dl|dL": ("decilitro", "decilitros"), "gal": ("galón", "galones"),
    "ms": ("milisegundo", "milisegundos"), "s|seg|seg.": ("segundo", "segundos"), "min|min.": ("minuto", "minutos"),
    "h|hs|hrs|hrs.|hr": ("hora", "horas"), "km/h|kmh|kph": ("kilómetro por hora", "kilómetros por hora"),
    "mph": ("milla por hora", "millas por hora"), "Hz|hz": ("hercio", "hercios"),
    "kHz|khz": ("kilohercio", "kilohercios"), "MHz|mhz": ("megahercio", "megahercios"),
    "GHz|ghz": ("gigahercio", "gigahercios"), "W|w": ("vatio", "vatios"), "kW|kw": ("kilovatio", "kilovatios"),
    "MW": ("megavatio", "megavatios"), "Wh": ("vatio hora", "vatios hora"),
    "kWh|kwh": ("kilovatio hora", "kilovatios hora"), "MWh": ("megavatio hora", "megavatios hora"),
    "V|v": ("voltio", "voltios"), "kV": ("kilovoltio", "kilovoltios"), "mV|mv": ("milivoltio", "milivoltios"),
    "A": ("amperio", "amperios"), "mA": ("miliamperio", "miliamperios"),
    "mAh": ("miliamperio hora", "miliamperios hora"), "Ω": ("ohmio", "ohmios"), "J": ("julio", "julios"),
    "kJ|kj": ("kilojulio", "kilojulios"), "cal": ("caloría", "calorías"), "kcal": ("kilocaloría", "kilocalorías"),
    "Pa": ("pascal", "pascales"), "hPa|hpa": ("hectopascal", "hectopascales"), "kPa": ("kilopascal", "kilopascales"),
    "bar": ("bar", "bares"), "psi": ("P S I", "P S I"), "hp": ("caballo de fuerza", "caballos de fuerza"),
    "cv|CV": ("caballo", "caballos"), "rpm": ("revolución por minuto", "revoluciones por minuto"),
    "dB|db": ("decibelio", "decibelios"), "N": ("newton", "newtons"), "K": ("kelvin", "kelvins"),
    "kB|KB|kb": ("kilobyte", "kilobytes"), "MB|mb": ("megabyte", "megabytes"), "GB|gb": ("gigabyte", "gigabytes"),
    "TB|tb": ("terabyte", "terabytes"), "kbps": ("kilobit por segundo", "kilobits por segundo"),
    "mbps": ("megabit por segundo", "megabits por segundo"), "gbps": ("gigabit por segundo", "gigabits por segundo"),
    "px": ("píxel", "píxeles"), "°C|°c|ºC": ("grado centígrado", "grados centígrados"),
    "°F|°f|ºF": ("grado Fahrenheit", "grados Fahrenheit"), "°": ("grado", "grados"),
    "ud|uds|ud.|uds.|UI|U": ("unidad", "unidades"), "pza|pzas": ("pieza", "piezas"), "d": ("día", "días"),
    "sem|sem.": ("semana", "semanas"), "hab|hab.": ("habitación", "habitaciones"),
    "dorm.": ("dormitorio", "dormitorios"), "pts|ptos.": ("punto", "puntos"),
    "mmHg": ("milímetro de mercurio", "milímetros de mercurio"), "lpm|bpm": ("latido por minuto", "latidos por minuto"),
    "cc": ("centímetro cúbico", "centímetros cúbicos"), "Mb": ("megabit", "megabits"),
    "mEq": ("miliequivalente", "miliequivalentes"), "mmol": ("milimol", "milimoles"),
    "cda.|cdas.": ("cucharada", "cucharadas"), "cdtas.|cdita.|cdta.": ("cucharadita", "cucharaditas"),
    "trim.": ("trimestre", "trimestres"), "comp|comp.": ("comprimido", "comprimidos"),
    "cáps|cáps.|caps|caps.": ("cápsula", "cápsulas"), "tab|tab.|tabs": ("tableta", "tabletas"),
    "amp.": ("ampolla", "ampollas"), "gts|gtas|gtas.": ("gota", "gotas"), "inh.": ("inhalación", "inhalaciones"),
})  # fmt: skip

PER_UNITS: dict[str, str] = spread({
    "mes": "mes", "año": "año", "semana|sem": "semana", "día": "día", "noche": "noche", "hora|h": "hora",
    "min": "minuto", "s": "segundo", "persona|pers": "persona", "trim": "trimestre", "unidad|ud": "unidad",
    "plazo": "plazo", "cuota": "cuota", "kg": "kilogramo", "l|lt|lts": "litro", "m": "metro", "km": "kilómetro",
    "doc": "docena", "pág|pag": "página",
})  # fmt: skip
"""After a slash: "5 € / h"."""
