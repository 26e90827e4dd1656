"""Units in Portuguese, by symbol, with the words for one and for several."""

PORTUGUESE_UNITS: dict[str, tuple[str, str]] = {
    "mm": ("milímetro", "milímetros"), "cm": ("centímetro", "centímetros"), "m": ("metro", "metros"),
    "km": ("quilômetro", "quilômetros"), "ha": ("hectare", "hectares"), "mg": ("miligrama", "miligramas"),
    "g": ("grama", "gramas"), "gr": ("grama", "gramas"), "kg": ("quilo", "quilos"), "t": ("tonelada", "toneladas"),
    "lb": ("libra", "libras"), "ml": ("mililitro", "mililitros"), "mL": ("mililitro", "mililitros"),
    "cl": ("centilitro", "centilitros"), "l": ("litro", "litros"), "L": ("litro", "litros"),
    "ms": ("milissegundo", "milissegundos"), "s": ("segundo", "segundos"), "seg": ("segundo", "segundos"),
    "min": ("minuto", "minutos"), "h": ("hora", "horas"), "hs": ("hora", "horas"), "hrs": ("hora", "horas"),
    "W": ("watt", "watts"), "kW": ("quilowatt", "quilowatts"), "MW": ("megawatt", "megawatts"),
    "Wh": ("watt-hora", "watts-hora"), "kWh": ("quilowatt-hora", "quilowatts-hora"), "V": ("volt", "volts"),
    "A": ("ampere", "amperes"), "mA": ("miliampere", "miliamperes"), "mAh": ("miliampere-hora", "miliamperes-hora"),
    "Hz": ("hertz", "hertz"), "kHz": ("quilohertz", "quilohertz"), "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"), "Pa": ("pascal", "pascals"), "hPa": ("hectopascal", "hectopascals"),
    "dB": ("decibel", "decibéis"), "J": ("joule", "joules"), "kJ": ("quilojoule", "quilojoules"),
    "cal": ("caloria", "calorias"), "kcal": ("quilocaloria", "quilocalorias"), "cv": ("cavalo", "cavalos"),
    "KB": ("kilobyte", "kilobytes"), "kB": ("kilobyte", "kilobytes"), "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
    "Mbps": ("megabit por segundo", "megabits por segundo"), "Gbps": ("gigabit por segundo", "gigabits por segundo"),
    "°C": ("grau Celsius", "graus Celsius"), "ºC": ("grau Celsius", "graus Celsius"),
    "°F": ("grau Fahrenheit", "graus Fahrenheit"), "°": ("grau", "graus"), "px": ("pixel", "pixels"),
    "Mb": ("megabit", "megabits"), "dorms": ("dormitório", "dormitórios"), "vg": ("vaga", "vagas"),
    "vgs": ("vaga", "vagas"), "col.": ("colher", "colheres"), "xíc.": ("xícara", "xícaras"),
    '"': ("polegada", "polegadas"), "d": ("dia", "dias"), "mcg": ("micrograma", "microgramas"),
    "µg": ("micrograma", "microgramas"), "dl": ("decilitro", "decilitros"), "dL": ("decilitro", "decilitros"),
    "UI": ("unidade", "unidades"), "U": ("unidade", "unidades"), "mEq": ("miliequivalente", "miliequivalentes"),
    "mmol": ("milimol", "milimols"), "mmHg": ("milímetro de mercúrio", "milímetros de mercúrio"),
    "bpm": ("batimento por minuto", "batimentos por minuto"), "comp": ("comprimido", "comprimidos"),
    "comp.": ("comprimido", "comprimidos"), "cp": ("comprimido", "comprimidos"), "cp.": ("comprimido", "comprimidos"),
    "cáps": ("cápsula", "cápsulas"), "cáps.": ("cápsula", "cápsulas"), "caps": ("cápsula", "cápsulas"),
    "gts": ("gota", "gotas"), "gts.": ("gota", "gotas"), "amp.": ("ampola", "ampolas"), "cx": ("caixa", "caixas"),
    "cx.": ("caixa", "caixas"), "un": ("unidade", "unidades"), "un.": ("unidade", "unidades"),
    "unid.": ("unidade", "unidades"), "pç": ("peça", "peças"), "pçs": ("peça", "peças"),
    "qtos": ("quarto", "quartos"), "qtos.": ("quarto", "quartos"), "dorm.": ("dormitório", "dormitórios"),
    "pts": ("ponto", "pontos"),
    "cps": ("comprimido", "comprimidos"), "cps.": ("comprimido", "comprimidos"), "ng": ("nanograma", "nanogramas"),
    "pg": ("picograma", "picogramas"), "fl": ("fentolitro", "fentolitros"),
    "mUI": ("miliunidade", "miliunidades"), "µUI": ("microunidade", "microunidades"),
    "nmol": ("nanomol", "nanomols"), "µmol": ("micromol", "micromols"), "pax": ("passageiro", "passageiros"),
}  # fmt: skip
"""By symbol, with the words for one and for several."""

PORTUGUESE_PER_UNITS: dict[str, str] = {
    "h": "hora", "dia": "dia", "mês": "mês", "mes": "mês", "ano": "ano", "semana": "semana", "noite": "noite",
    "pessoa": "pessoa", "min": "minuto", "s": "segundo", "kg": "quilo", "l": "litro", "sem": "semana",
    "un": "unidade",
}  # fmt: skip
"""After a slash: "5 € / h"."""
