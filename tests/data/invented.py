"""Lists from which invented debtors are drawn: common names, places of every area code, products."""

# ruff: noqa: E501, SIM905 (lists of words read better as text)

FIRST_NAMES = "Adriana Alessandra Aline Amanda Ana André Antônia Antônio Beatriz Benedita Bruna Bruno Camila Carlos Cecília Célia Cláudia Cristiane Daniel Débora Diego Edson Eduarda Eduardo Elaine Érica Fábio Fátima Felipe Fernanda Fernando Flávia Francisca Francisco Gabriel Gabriela Geraldo Gilberto Guilherme Gustavo Helena Heloísa Igor Inês Isabel Ítalo Jéssica João Joana Jorge José Josefa Júlia Juliana Júlio Larissa Letícia Lúcia Luciana Luís Luíza Manoel Márcia Marcos Maria Mariana Mário Mônica Natália Nélson Otávio Patrícia Paula Paulo Pedro Rafael Raimunda Raimundo Regina Renata Ricardo Rita Roberto Rodrigo Rosângela Sebastião Sérgio Silvia Simone Sônia Tânia Tatiana Terezinha Thiago Valéria Vanessa Vera Vicente Vinícius Wagner".split()
SECOND_NAMES = [
    "Aparecida",
    "Augusto",
    "Carolina",
    "Cristina",
    "das Graças",
    "de Fátima",
    "do Carmo",
    "Henrique",
    "Luiz",
    "Regina",
]
SURNAMES = "Alencar Almeida Alves Andrade Araújo Assunção Azevedo Barbosa Barros Batista Borges Brandão Campos Cardoso Carvalho Castro Conceição Correia Costa Cunha Dias Duarte Fernandes Ferreira Figueiredo Fonseca Freitas Garcia Gomes Gonçalves Guimarães Leão Lima Lopes Machado Magalhães Marques Martins Medeiros Melo Mendes Miranda Monteiro Moraes Moreira Moura Nascimento Nogueira Nunes Oliveira Pacheco Paixão Peixoto Pereira Pinheiro Pinto Ramos Ribeiro Rocha Rodrigues Sampaio Santana Santos Silva Siqueira Soares Souza Tavares Teixeira Vasconcelos Vieira Xavier".split()
NICKNAMES = [
    "Bia",
    "Chico",
    "Cida",
    "Dudu",
    "Dona Zefa",
    "Duda",
    "Gui",
    "Lu",
    "Malu",
    "Nanda",
    "Rafa",
    "Seu Zé",
    "Tião",
    "Vini",
]
TRADES = [
    "Auto Peças",
    "Clínica",
    "Comércio de Calçados",
    "Confecções",
    "Construções",
    "Distribuidora",
    "Farmácia",
    "Gráfica",
    "Mercado",
    "Móveis",
    "Padaria",
    "Papelaria",
    "Pousada",
    "Transportes",
]
STREETS = [
    "Avenida Brasil",
    "Avenida Getúlio Vargas",
    "Avenida Sete de Setembro",
    "Praça da Matriz",
    "Rua Bela Vista",
    "Rua da Independência",
    "Rua das Acácias",
    "Rua das Flores",
    "Rua Dom Pedro II",
    "Rua João Pessoa",
    "Rua Quinze de Novembro",
    "Rua Rui Barbosa",
    "Rua São José",
    "Rua Tiradentes",
    "Travessa do Comércio",
]
PRODUCTS = [
    ("Mensalidade", "boleto"),
    ("Plano odontológico", "boleto"),
    ("Crediário", "contrato"),
    ("Empréstimo pessoal", "contrato"),
    ("Cartão da loja", "cartão"),
    ("Compra a prazo", "cheque"),
    ("Internet residencial", "boleto"),
    ("Curso técnico", "contrato"),
]
ORIGINAL_CREDITORS = ["Banco Invenção S.A.", "Crediário Exemplo Ltda.", "Financeira Modelo S.A."]

# Area code → its cities and their state. Tabatinga and Fernando de Noronha have other hours than their capitals.
CITIES = {
    "11": [("São Paulo", "SP"), ("Guarulhos", "SP")], "12": [("São José dos Campos", "SP")], "13": [("Santos", "SP")],
    "14": [("Bauru", "SP")], "15": [("Sorocaba", "SP")], "16": [("Ribeirão Preto", "SP")],
    "17": [("São José do Rio Preto", "SP")], "18": [("Presidente Prudente", "SP")], "19": [("Campinas", "SP")],
    "21": [("Rio de Janeiro", "RJ"), ("Niterói", "RJ")], "22": [("Campos dos Goytacazes", "RJ")], "24": [("Petrópolis", "RJ")],
    "27": [("Vitória", "ES")], "28": [("Cachoeiro de Itapemirim", "ES")],
    "31": [("Belo Horizonte", "MG")], "32": [("Juiz de Fora", "MG")], "33": [("Governador Valadares", "MG")],
    "34": [("Uberlândia", "MG")], "35": [("Poços de Caldas", "MG")], "37": [("Divinópolis", "MG")], "38": [("Montes Claros", "MG")],
    "41": [("Curitiba", "PR")], "42": [("Ponta Grossa", "PR")], "43": [("Londrina", "PR")], "44": [("Maringá", "PR")],
    "45": [("Foz do Iguaçu", "PR")], "46": [("Pato Branco", "PR")],
    "47": [("Joinville", "SC")], "48": [("Florianópolis", "SC")], "49": [("Chapecó", "SC")],
    "51": [("Porto Alegre", "RS")], "53": [("Pelotas", "RS")], "54": [("Caxias do Sul", "RS")], "55": [("Santa Maria", "RS")],
    "61": [("Brasília", "DF")], "62": [("Goiânia", "GO")], "63": [("Palmas", "TO")], "64": [("Rio Verde", "GO")],
    "65": [("Cuiabá", "MT")], "66": [("Rondonópolis", "MT")], "67": [("Campo Grande", "MS")],
    "68": [("Rio Branco", "AC")], "69": [("Porto Velho", "RO")],
    "71": [("Salvador", "BA")], "73": [("Ilhéus", "BA")], "74": [("Juazeiro", "BA")], "75": [("Feira de Santana", "BA")],
    "77": [("Vitória da Conquista", "BA")], "79": [("Aracaju", "SE")],
    "81": [("Recife", "PE"), ("Recife", "PE"), ("Olinda", "PE"), ("Fernando de Noronha", "PE")], "82": [("Maceió", "AL")],
    "83": [("João Pessoa", "PB")], "84": [("Natal", "RN")], "85": [("Fortaleza", "CE")], "86": [("Teresina", "PI")],
    "87": [("Petrolina", "PE")], "88": [("Juazeiro do Norte", "CE")], "89": [("Picos", "PI")],
    "91": [("Belém", "PA")], "92": [("Manaus", "AM")], "93": [("Santarém", "PA")], "94": [("Marabá", "PA")],
    "95": [("Boa Vista", "RR")], "96": [("Macapá", "AP")], "97": [("Tefé", "AM"), ("Tabatinga", "AM")],
    "98": [("São Luís", "MA")], "99": [("Imperatriz", "MA")],
}  # fmt: skip
# How much oftener than a small area a large one is drawn.
POPULATION = {
    "11": 20,
    "21": 12,
    "31": 6,
    "71": 5,
    "81": 5,
    "85": 5,
    "41": 4,
    "51": 4,
    "61": 4,
    "62": 3,
    "19": 4,
    "91": 3,
    "92": 3,
}
# The first digits of postal codes (CEP) in each state's capital.
POSTAL_PREFIXES = {
    "AC": "6990", "AL": "570", "AM": "690", "AP": "6890", "BA": "400", "CE": "600", "DF": "700", "ES": "290", "GO": "740",
    "MA": "650", "MG": "301", "MS": "790", "MT": "780", "PA": "660", "PB": "580", "PE": "500", "PI": "640", "PR": "800",
    "RJ": "200", "RN": "590", "RO": "768", "RR": "693", "RS": "900", "SC": "880", "SE": "490", "SP": "010", "TO": "770",
}  # fmt: skip
