"""Abbreviations, titles, acronyms and everyday words of Spanish. Keys are in lower case."""

from herald.speech.reading.table import words

SPANISH_ABBREVIATIONS: dict[str, str] = {
    "a.c.": "antes de Cristo", "d.c.": "después de Cristo", "a.m.": "de la mañana", "p.m.": "de la tarde",
    "s.a.": "S A", "s.l.": "S L", "c.p.": "código postal", "p.d.": "posdata", "s.e.u.o.": "salvo error u omisión",
    "b.o.e.": "B O E", "d.n.i.": "D N I", "r.u.c.": "R U C", "c.v.": "C V", "ee.uu.": "Estados Unidos",
    "rr.hh.": "recursos humanos", "ff.aa.": "Fuerzas Armadas", "jj.oo.": "Juegos Olímpicos",
    "p.ej.": "por ejemplo", "sr.": "señor", "sra.": "señora", "srta.": "señorita", "sres.": "señores",
    "sras.": "señoras", "dr.": "doctor", "dra.": "doctora", "dres.": "doctores", "dña.": "doña",
    "prof.": "profesor", "profa.": "profesora", "ing.": "ingeniero", "lic.": "licenciado", "lcda.": "licenciada",
    "lcdo.": "licenciado", "arq.": "arquitecto", "abg.": "abogado", "gral.": "general", "cap.": "capitán",
    "sto.": "santo", "sta.": "santa", "ud.": "usted", "uds.": "ustedes", "vd.": "usted", "vds.": "ustedes",
    "av.": "avenida", "avda.": "avenida", "avd.": "avenida", "pza.": "plaza", "pl.": "plaza", "plza.": "plaza",
    "ctra.": "carretera", "pº.": "paseo", "urb.": "urbanización", "edif.": "edificio", "esc.": "escalera",
    "izq.": "izquierda", "izda.": "izquierda", "dcha.": "derecha", "der.": "derecha", "esq.": "esquina",
    "dpto.": "departamento", "depto.": "departamento", "apdo.": "apartado", "apto.": "apartamento",
    "prov.": "provincia", "col.": "colonia", "admón.": "administración", "admon.": "administración",
    "cía.": "compañía", "cia.": "compañía", "hnos.": "hermanos", "ltda.": "limitada", "aprox.": "aproximadamente",
    "vie.": "viernes", "dom.": "domingo",
    "etc.": "etcétera", "máx.": "máximo", "max.": "máximo", "mín.": "mínimo", "min.": "minutos", "hrs.": "horas",
    "hs.": "horas", "seg.": "segundos", "tel.": "teléfono", "tels.": "teléfonos", "tfno.": "teléfono",
    "teléf.": "teléfono", "telf.": "teléfono", "cel.": "celular", "móv.": "móvil", "ext.": "exterior",
    "fdo.": "firmado", "atte.": "atentamente", "ref.": "referencia", "vto.": "vencimiento", "fra.": "factura",
    "fact.": "factura", "cta.": "cuenta", "cte.": "corriente", "imp.": "importe", "incl.": "incluido",
    "excl.": "excluido", "vs.": "versus", "gob.": "gobierno", "obs.": "observaciones",
    "ej.": "ejemplo", "cp.": "código postal", "lun.": "lunes", "mié.": "miércoles", "miér.": "miércoles",
    "jue.": "jueves", "vier.": "viernes", "sáb.": "sábado", "ene.": "enero", "feb.": "febrero", "abr.": "abril",
    "jul.": "julio", "ago.": "agosto", "sept.": "septiembre", "oct.": "octubre", "nov.": "noviembre",
    "dic.": "diciembre", "mar.": "martes", "dto.": "descuento", "dcto.": "descuento", "desc.": "descuento",
    "cód.": "código", "cod.": "código", "pers.": "personas", "ntra.": "nuestra", "ntro.": "nuestro",
    "mtra.": "maestra", "mtro.": "maestro", "m.ª": "María", "d.ª": "doña", "m.n.": "moneda nacional",
    "comp.": "comprimidos", "cáps.": "cápsulas",
    "temp.": "temperatura", "dir.": "dirección", "pdte.": "pendiente", "fdez.": "Fernández", "hdez.": "Hernández",
    "glez.": "González", "mtez.": "Martínez", "mtnez.": "Martínez", "rguez.": "Rodríguez", "rdguez.": "Rodríguez",
    "gtz.": "Gutiérrez", "puls.": "pulsaciones", "disp.": "disponible", "inc.": "incluido", "exp.": "expediente",
    "mod.": "modelo", "excmo.": "excelentísimo", "excma.": "excelentísima", "ilmo.": "ilustrísimo",
    "ilma.": "ilustrísima", "ind.": "industrial", "parc.": "parcela", "dtra.": "directora", "dtor.": "director",
    "blvd.": "bulevar", "alc.": "alcaldía", "cd.": "ciudad", "fracc.": "fraccionamiento", "edo.": "estado",
    "expte.": "expediente", "pp.": "páginas", "ayto.": "ayuntamiento",
    "prev.": "previa", "conv.": "convocatoria", "rvdo.": "reverendo", "bach.": "bachillerato",
    "prob.": "probabilidad", "lleg.": "llegada", "sal.": "salida", "tto.": "tratamiento", "próx.": "próximo",
    "prox.": "próximo", "trim.": "trimestre", "adj.": "adjunto", "tlfno.": "teléfono", "cda.": "cucharada",
    "p.p.": "puntos porcentuales", "s.n.m.": "sobre el nivel del mar", "cra.": "carrera", "cll.": "calle",
    "carr.": "carretera", "méx.": "México", "ss.": "siguientes", "doc.": "documento", "hosp.": "hospital",
    "hab.": "habitación", "univ.": "universitario",
    "vda.": "viuda", "nal.": "nacional", "ntros.": "nuestros",
    "dcho.": "derecho", "mpio.": "municipio", "entlo.": "entresuelo", "pol.": "polígono",
    "p.i.": "polígono industrial", "pral.": "principal", "tfnos.": "teléfonos", "p.º": "paseo", "v.o.": "V O",
    "i.m.": "I M", "s.c.": "S C", "rte.": "restaurante", "exped.": "expediente", "háb.": "hábiles",
    "ord.": "ordinaria", "extraord.": "extraordinaria", "vit.": "vitamina", "láb.": "laborables", "matr.": "matrícula",
    "ff.cc.": "ferrocarriles", "rr.ss.": "redes sociales", "cc.aa.": "comunidades autónomas",
    "aa.pp.": "administraciones públicas", "dd.hh.": "derechos humanos", "jdo.": "juzgado", "instr.": "instrucción",
    "mons.": "monseñor", "hno.": "hermano", "fcia.": "farmacia",
    "pcia.": "provincia", "cdad.": "ciudad", "efvo.": "efectivo", "jal.": "Jalisco", "oax.": "Oaxaca",
    "qro.": "Querétaro", "gto.": "Guanajuato", "mich.": "Michoacán", "chih.": "Chihuahua", "tamps.": "Tamaulipas",
    "mty.": "Monterrey", "n.l.": "Nuevo León", "cba.": "Córdoba",
    "m.o.": "mano de obra", "págs.": "páginas",
    "pág.": "página", "fac.": "facultad",
    "prog.": "programado", "gg.cc.": "gastos comunes", "psje.": "pasaje", "bco.": "banco", "pab.": "pabellón",
    "ced.": "cédula", "ma.": "María",
    "del.": "delegación", "inf.": "información",
    "calz.": "calzada", "serv.": "servicios",
    "gen.": "generación", "aniv.": "aniversario",
    "asc.": "ascensor", "pto.": "puerto",
    "int.": "interior",
}  # fmt: skip
"""With their dots, and without spaces."""

SPANISH_TITLES: dict[str, str] = {
    "sr": "señor", "sra": "señora", "srta": "señorita", "sres": "señores", "dr": "doctor", "dra": "doctora",
    "prof": "profesor", "ing": "ingeniero", "lic": "licenciado", "dña": "doña", "sto": "santo", "sta": "santa",
    "mr": "míster", "mrs": "mísis",
}  # fmt: skip
"""Before a name."""

SPANISH_BEFORE_NUMBER: dict[str, str] = {
    "nº": "número", "n°": "número", "no.": "número", "nro.": "número", "nro": "número", "núm.": "número",
    "num.": "número", "pág.": "página", "pag.": "página", "p.": "página", "págs.": "páginas", "art.": "artículo",
    "cap.": "capítulo", "vol.": "volumen", "fig.": "figura", "sec.": "sección", "tel.": "teléfono",
    "tel": "teléfono", "tlf": "teléfono", "tlf.": "teléfono", "tfno": "teléfono", "cel": "celular",
    "ext": "extensión", "ext.": "extensión", "hab.": "habitación", "apto": "apartamento", "cp": "código postal",
    "c.p.": "código postal", "máx": "máximo", "mín": "mínimo", "km.": "kilómetro", "km": "kilómetro",
    "pto.": "punto", "cons.": "consulta", "ej.": "ejercicio", "term.": "terminación", "sem.": "semana",
    "loc.": "local", "op.": "operación", "cat.": "categoría", "bl.": "bloque", "suc.": "sucursal", "arts.": "artículos",
    "res.": "resolución", "blq.": "bloque", "pta.": "puerta", "esc.": "escalera",
    "ref": "referencia",
    "fra": "factura", "of.": "oficina", "ofic.": "oficina", "pp.": "páginas", "expte.": "expediente",
    "exp.": "expediente", "int.": "interior",
    "mz.": "manzana", "mza.": "manzana", "lt.": "lote", "ptal.": "portal",
}  # fmt: skip
"""Abbreviations before a number only."""

SPANISH_CHAT: dict[str, str] = {
    "c/": "calle", "tfno": "teléfono", "tlf": "teléfono", "aprox": "aproximadamente", "uds": "ustedes",
    "avda": "avenida", "s/n": "sin número", "etc": "etcétera", "admón": "administración", "dpto": "departamento",
    "p/": "para", "tª": "temperatura", "nº": "número", "s/": "sin", "e/": "entre", "mdp": "millones de pesos",
    "mdd": "millones de dólares", "c/u": "cada uno", "c/s": "cantidad suficiente", "pº": "paseo", "mª": "María",
    "dª": "doña", "dto": "descuento", "dcto": "descuento", "ddjj": "declaración jurada",
    "xq": "porque", "pq": "porque", "xfa": "por favor", "tb": "también", "tmb": "también", "tbn": "también",
    "bss": "besos", "mñn": "mañana", "msj": "mensaje", "ccaa": "comunidades autónomas",
    "aapp": "administraciones públicas", "rrhh": "recursos humanos", "rrss": "redes sociales",
    "eeuu": "Estados Unidos", "jjoo": "Juegos Olímpicos", "ddhh": "derechos humanos", "dnd": "donde",
    "tqm": "te quiero mucho",
    "ntp": "no te preocupes",
    "abz": "abrazo", "wsp": "WhatsApp", "wpp": "WhatsApp", "mtto": "mantenimiento", "mantto": "mantenimiento",
    "finde": "fin de semana",
    "fdez": "Fernández", "hdez": "Hernández", "glez": "González", "rguez": "Rodríguez", "vto": "vencimiento",
}  # fmt: skip
"""Abbreviations without dots that have one meaning only."""

SPANISH_OPENERS = words(
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

SPANISH_ACRONYMS_SAID = words(
    "NASA UNICEF UNESCO OPEP FIFA UEFA SIDA ONU OTAN OVNI UCI PIN SIM RAM GIF RENFE AVE ONCE ICEX IVA NIE NIF CIF "
    "IKEA VISA SEUR ICO MERCOSUR CEPAL INEM CUIT CUIL CURP TIE PAU ERTE ERE COVID PYME PYMES FIB BIC INE "
    "INFONAVIT IBI TAC OCU DANA AMPA SAT TAE TIN NIP SEP ADO UME NIT RUT OFF ON"
)
"""Said as words."""

SPANISH_ACRONYMS_SPELLED = words(
    "UE EEUU USA UK TV PC DNI SMS PDF QR URL USB CD DVD GPS VIP ISO IT ID CEO FBI CIA BBVA BCN SA SL SRL ADN AM "
    "PM DGT ITV BMW DHL UPS RTVE BOE RFC ATM CFE OK IA ABC API UTC GMT CV OMS ESO UNAM FMI PIB IRPF IP VPN LED USPS"
)
"""Said letter by letter."""

SPANISH_COMMON_CAPITALS = words(
    "a al ante con de del e el en es ha la las le les lo los mi mis me más ni no nos o por que se si sin su sus "
    "te tu tus u un una unos ver y ya yo va voy aquí cada casa como cita día días dos euros fin fue gratis hay "
    "hora hoy luz mar mes muy nuevo nueva oferta ola paga pago para plan pone red ruta sea ser será sido solo son "
    "sol tal tan ten tipo tres uno vez vía vida viva aviso atención importante urgente ahora último última ana eva paz "
    "leo noa sí tú él más qué día té allí ahí así ojo voz sol año años ida san seis diez mil cien una uno unas unos "
    "nos eso esa ese este esta bus app web les les fue era van"
)
"""Short words that are no acronyms if written in capitals."""
