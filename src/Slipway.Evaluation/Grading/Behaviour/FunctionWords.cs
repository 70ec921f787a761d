using System.Collections.Immutable;

namespace Slipway.Evaluation.Grading.Behaviour;

/// <summary>The small words that a text of a language can't do without, and the letters that only few languages have.</summary>
internal static class FunctionWords
{
    /// <summary>Words by language.</summary>
    public static ImmutableDictionary<string, string> Words { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["en"] = "the of and to in is it that was for on are with as his they be at this have from or had by not but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see could no make than been its who now my over did down only way may such shall should any everyone you i yes",
        ["de"] = "der die das und ist nicht ein eine einen einem einer zu den dem des mit sich auf für im es an auch als von sie er wir ich du hat sind war werden wird bei oder aus nach wie noch nur über so zum zur kann dass haben durch jeder wenn aber vor man diese dieser dieses ihr ihre seine sein keine kein sehr ja nein bitte",
        ["fr"] = "le la les des de et est un une du en que qui dans pour pas sur ne au aux il elle nous vous je ce cette ces son sa ses par plus avec sont ont été être avoir mais ou où comme tout tous toute toutes leur leurs se si sans peut d l c n s y a à oui non",
        ["es"] = "el la los las de y es un una del en que no por para con se su sus al lo como más pero este esta estos muy todo todos toda ser son está fue ha han hay o si sin sobre entre cuando también él ella nosotros yo le les me tiene derecho sí",
        ["it"] = "il lo la gli le i di e è un una uno del della dei delle degli in che non per con si su al alla alle ai dal dalla nel nella sono ha hanno essere come più ma anche questo questa ogni o se suo sua loro ci io lui lei noi d dell all nell ed sì",
        ["pt"] = "o a os as de e é um uma do da dos das em que não por para com se seu sua seus suas ao à no na nos nas como mais mas este esta todo todos toda ser são está foi tem têm ou sem sobre entre também ele ela nós eu pelo pela lhe isso sim",
        ["nl"] = "de het een van en is in dat niet te op zijn met voor die er aan om ook als bij naar maar dan of door over ze hij zij wij ik je u kan heeft hebben wordt worden werd was nog wel geen deze dit uit tot tegen ieder zich haar hun ons onze ja nee",
        ["sv"] = "och i att det som en på är av för med till den har inte om ett du dig han men var jag sig från vi så kan hon de när vid eller också efter upp detta skall ska denna dessa alla varje mycket bara under nu ej mot över finns blev sin sitt sina ja nej",
        ["da"] = "og i at det som en på er af for med til den har ikke om et du dig han men var jeg sig fra vi så kan hun de når ved eller også efter op dette skal denne disse alle enhver meget kun under nu mod over findes blev sin sit sine hvad af nogen være efter ja nej",
        ["no"] = "og i å det som en på er av for med til den har ikke om et du deg han men var jeg seg fra vi så kan hun de når ved eller også etter opp dette skal denne disse alle enhver mye bare under nå mot over finnes ble sin sitt sine hva noen være ja nei",
        ["pl"] = "i w na z do nie się jest że to o jak po co ale czy od za dla przez są być ma tym oraz jego jej ich który która które tak już tylko może przy lub ani każdy wszystkich pod bez przed nad gdy aby ze my ja on ona mnie ten ta te",
        ["cs"] = "a v na se je že to s z do o i k ve pro jako za by ale po jsou si od jeho její jejich který která které co až už být bude byl není nebo tak jen při podle každý všech má mít ze před nad když aby my já on ona ten ta ty toho také tento",
        ["tr"] = "ve bir bu da de için ile çok ne gibi daha olan olarak var ama ya o ben sen biz siz onlar her veya değil en kadar sonra ki mi mı mu mü şey iyi olduğu olduğunu hiç bütün herkes hakkı hakkında ise göre şu evet hayır",
        ["fi"] = "ja on ei se että en ole oli hän mutta joka ovat olla kun niin jos myös kuin tai sen hänen ovat sekä minä sinä me te he tämä tämän jotka mitä vain nyt sitten kaikki jokaisella oikeus mukaan voi ovat joko siitä ollut niiden kyllä",
        ["ro"] = "și în de la a este nu o un cu pe că care din pentru să se mai ce sunt au fi al ai ale cea cel lui ei său sa sau dar prin orice toate tot dintre fără după acest această acestei lor le îi am fost dreptul ca da nu",
        ["hu"] = "a az és hogy nem is egy van ez meg de mint csak volt már ki vagy kell még azt el ha minden mindenkinek joga van lehet sem ezt amely nincs fel én te ő mi ti ők lesz között szerint ebben való által igen igen",
        ["id"] = "dan yang di untuk dengan dari ini itu tidak dalam pada adalah ke oleh akan atau juga ada sebagai dapat bisa mereka kita kami saya anda dia orang setiap hak tanpa secara karena seperti telah sudah bagi atas serta harus belum semua ya",
        ["vi"] = "và của là có được cho không với các trong một những người để này đã khi từ đến ra về ở như cũng tôi bạn hay hoặc mọi quyền đều vào nào phải vì sự nếu thì do tại theo trên nhưng rất cả chúng",
        ["ru"] = "и в не на что с во со он она как это по но из у за от так же все всё для был быть мы вы я или его её ее их к до при если о чтобы которые который также этого",
        ["uk"] = "і в не на що з він вона як це по але із у за від так для був бути ми ви я або його її їх до при якщо та й щоб які який також цього",
        ["bg"] = "и на да се за от по е са като със че в с към до при не ще има това които който както му го си а или бъде всички всеки право",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Pieces of words by language: endings and pairs of letters that come often in it and seldom elsewhere.</summary>
    public static ImmutableDictionary<string, string[]> Pieces { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["en"] = "th|ing|wh|ght|tion |sh",
        ["de"] = "sch|ich|ung|keit|ck|ie",
        ["fr"] = "eau|aux|ement|oi|qu|ou|ée",
        ["es"] = "ción|dad |ll|ie|ue",
        ["it"] = "zion|cch|gli|tt|zz|ss",
        ["pt"] = "ção|ções|nh|lh|ões|gua",
        ["nl"] = "ij|oo|aa|ee|sch|cht|ui",
        ["sv"] = "tt|ck|skt|ör|lig",
        ["da"] = "lse|hed|øj|æv|eg |nde",
        ["no"] = "else|het|øy|kke|ikk",
        ["pl"] = "rz|sz|cz|wi|owa|ych",
        ["cs"] = "ní|ost|ého|tel|ých",
        ["tr"] = "lar|ler|yor|lık|nın|nin",
        ["fi"] = "ää|aa|ii|kk|ssa|ssä|lla|inen|uu",
        ["ro"] = "ul |lui|ea |ilor|iei|uri",
        ["hu"] = "sz|gy|ny|ság|ség|ok|tt",
        ["id"] = "ng|kan|ber|men|nya|per",
        ["vi"] = "nh|ng |iế|ượ|ườ",
    }.ToImmutableDictionary(static p => p.Key, static p => p.Value.Split('|'), StringComparer.Ordinal);

    /// <summary>Letters that tell languages apart, each with those that have it.</summary>
    public static ImmutableDictionary<char, string[]> Letters { get; } = new (string Letters, string Languages)[]
    {
        ("ß", "de"), ("äöü", "de"), ("äö", "sv fi"), ("å", "sv da no"), ("øæ", "da no"), ("ñ¿¡", "es"), ("ыэё", "ru"), ("іїєґ", "uk"), ("ъ", "bg"), ("ãõ", "pt vi"), ("ç", "pt fr tr"), ("êâô", "fr vi"), ("îû", "fr"), ("œùë", "fr"), ("àèìòù", "it fr vi"), ("áíóú", "es pt cs hu vi"),
        ("łżźśćńąę", "pl"), ("řěůžšč", "cs"), ("ğış", "tr"), ("șțăâî", "ro"), ("őű", "hu"), ("ơưđăảạấầẩậắặẽẻếềểễệỉịọỏốồổỗộớờởợụủứừửữựỳỷỹ", "vi"),
    }.SelectMany(static p => p.Letters.Select(l => (Letter: l, Languages: p.Languages.Split(' '))))
        .GroupBy(static p => p.Letter).ToImmutableDictionary(static g => g.Key, static g => g.SelectMany(static p => p.Languages).Distinct().ToArray());
}
