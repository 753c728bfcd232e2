"""What people in Chinese offices put into passwords: words, slogans, numbers with a sound, keyboard lines.

Data only; `whistle.vault.passwords` strikes these out before it counts what is a person's own. Latin words
are lower case. Words shorter than two characters are left out, since they would eat into random passwords.
"""

#: The office, its work and its people, in characters; a part of a longer word is enough.
_OFFICE = """
纪委 监委 纪检 监察 纪检监察 派驻 巡视 巡察 纪律 检查 督查 督察 举报 信访 廉政 廉洁 清廉 反腐 倡廉 党风 审计
组织部 宣传部 办公室 办公厅 机关 党委 党组 支部 书记 主任 科长 处长 局长 副书记 常委 干部 同志 党员 区委
县委 市委 省委 区政府 县政府 市政府 政府 中央 国务院 人大 政协 公安 检察院 法院 民政 财政 教育局 卫健委 街道
社区 受理 管理员 密码 口令 用户 测试 中国 中华 人民 共和国 共产党 北京 上海 你好 我爱你 祖国 加油
"""

#: Slogans seen on every corridor wall.
_SLOGANS = """
不忘初心 牢记使命 为人民服务 实事求是 清正廉洁 廉洁自律 廉洁奉公 执纪必严 违纪必究 执纪监督 监督执纪
打铁必须自身硬 打铁还需自身硬 忠诚干净担当 忠诚 干净 担当 公正 一心为公 八项规定 四个意识 四个自信 两个维护
两个确立 全面从严治党 从严治党 自我革命 中国梦 新时代 绿水青山就是金山银山 砥砺前行 撸起袖子加油干 好好学习
天天向上
"""

#: The same in pinyin and in the usual initials.
_PINYIN = """
jiwei jianwei jijian jiancha jijianjiancha paizhu xunshi xuncha jilv jilu jiandu ducha jubao xinfang
lianzheng lianjie qinglian fanfu fanfubai changlian dangfeng shenji zuzhibu xuanchuanbu bangongshi
bangongting bangong jiguan dangwei dangzu zhibu shuji zhuren kezhang chuzhang juzhang changwei ganbu tongzhi
dangyuan quwei xianwei shiwei shengwei zhengfu zhongyang renda zhengxie gongan jianchayuan fayuan minzheng
caizheng jiaoyu weijian jiedao shequ shouli guanliyuan guanli mima kouling yonghu ceshi zhongguo zhonghua
renmin gongheguo gongchandang beijing shanghai guangzhou shenzhen nihao woaini woaizhongguo zuguo jiayou
buwangchuxin chuxin laojishiming shiming weirenminfuwu shishiqiushi qingzheng gongzheng zhongcheng ganjing
dandang zhongguomeng xinshidai ziwogeming congyanzhidang jwjw qjw xjw sjw zjw zgjw jwjc jwjb jwsj
jiweijianwei xfjb zgrm wrmfw bwcx ljsm zhzg wdmm wodemima yiersan yiersansi woshishui aini iloveyou
"""

#: Latin words of every sign-in page.
_LATIN = """
admin administrator root user test demo guest password passwd passw0rd pass pwd login welcome hello whistle
office intake officer reviewer deputy head auditor supervisor oversight system manager letmein master dragon
monkey qwerty abc123 a123 aa123 qq123 wx123 abcd abc
"""

#: Numbers with a sound ("I love you for life", "to be rich"), numbers everybody dials, plain counting.
_NUMBERS = """
520 521 1314 5201314 1314520 7758 7758258 5211314 666 888 999 168 518 598 12388 12345 12315 110 119 120
123321 112233 147258369 147258 258369 159753 753951 789456123 789456 456123 963852741 1949 1921 100200
"""

WORDS = frozenset(" ".join((_OFFICE, _SLOGANS, _PINYIN, _LATIN, _NUMBERS)).split())

#: Lines a finger can follow; each is also read backwards. With shift held the upper rows give the signs.
KEYBOARD_LINES = (
    "01234567890-=",
    "!@#$%^&*()_+",
    "qwertyuiop[]\\",
    "qwertyuiop{}|",
    "asdfghjkl;'",
    'asdfghjkl:"',
    "zxcvbnm,./",
    "zxcvbnm<>?",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik<(ol>)p:?",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "!q@w#e$r%t^y&u*i(o)p",
    "qawsedrftgyhujikolp",
    "qazwsxedcrfvtgbyhnujmikolp",
    "zaq1xsw2cde3vfr4bgt5",
    "一二三四五六七八九十",
    "甲乙丙丁戊己庚辛壬癸",
)
